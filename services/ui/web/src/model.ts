import type { components as sentinel } from '../../../../openapi/generated/sentinel'
import type { components as ui } from '../../../../openapi/generated/ui'

type Sentinel = sentinel['schemas']
type Ui = ui['schemas']
export type Alert = Sentinel['Alert']
export type AlertChange = Sentinel['AlertChange']
export type AlertPage = Sentinel['AlertsReply']['data']
export type Profile = Sentinel['Profile']
export type Reason = Sentinel['Reason']
export type Stats = Sentinel['StatsReply']['data']
export type Status = Sentinel['Status']
export type AuthState = Ui['AuthReply']['data']
export type UiSession = Ui['UiSession']
export type AuditEntry = Ui['AuditReply']['data']['entries'][number]
export type Uploaded = Ui['UploadReply']['data']
