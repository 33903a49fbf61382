# Two images from one build: `--target sentinel` and `--target ui`. Each holds Node, one bundle and one native module.
FROM node:24-bookworm-slim AS build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json ./
COPY services/sqlite-driver/package.json services/sqlite-driver/
COPY services/kernel/package.json services/kernel/
COPY services/session-codec/package.json services/session-codec/
COPY services/database/package.json services/database/
COPY services/backup/package.json services/backup/
COPY services/sentinel/package.json services/sentinel/
COPY services/ui/package.json services/ui/
RUN npm ci --no-audit --no-fund --loglevel=error
COPY tsconfig.json ./
COPY scripts scripts
COPY openapi openapi
COPY services services
RUN node scripts/build.mjs
# Of the native modules only what runs: 12 as it was compiled here, 13 as it comes (services/sqlite-driver says why two).
RUN mkdir -p /runtime/node_modules/better-sqlite3/build/Release /runtime/node_modules/better-sqlite3-13/prebuilds \
  && cd node_modules \
  && cp -r bindings file-uri-to-path /runtime/node_modules/ \
  && cp -r better-sqlite3/lib better-sqlite3/package.json /runtime/node_modules/better-sqlite3/ \
  && cp better-sqlite3/build/Release/better_sqlite3.node /runtime/node_modules/better-sqlite3/build/Release/ \
  && cp -r better-sqlite3-13/lib better-sqlite3-13/package.json /runtime/node_modules/better-sqlite3-13/ \
  && cp better-sqlite3-13/prebuilds/linux-*.node /runtime/node_modules/better-sqlite3-13/prebuilds/ \
  && cp ../scripts/healthcheck.mjs /runtime/

FROM node:24-bookworm-slim AS runtime
# The group of the container's user is its own: files are for it, too.
ENV NODE_ENV=production DATA_DIR=/app/data FILE_ACCESS=group
WORKDIR /app
# For people: docker compose exec ui curl -fsS http://sentinel:8080/api/health
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
RUN mkdir data && chown node:node data && chmod 770 data
COPY --from=build /runtime ./
# docker compose exec sentinel tgsentinel backup
RUN printf '#!/bin/sh\nexec node /app/dist/backup.js "$@"\n' > /usr/local/bin/tgsentinel && chmod 755 /usr/local/bin/tgsentinel
USER node
VOLUME /app/data

FROM runtime AS sentinel
ENV SENTINEL_API_HOST=0.0.0.0 SENTINEL_API_PORT=8080 DB_URI=sqlite:////app/data/sentinel.db TG_SESSION_PATH=/app/data/tgsentinel.session
COPY --from=build /build/services/sentinel/dist ./dist
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=6s --start-period=10s CMD ["node", "healthcheck.mjs", "sentinel"]
CMD ["node", "--max-semi-space-size=2", "dist/main.js"]

FROM runtime AS ui
ENV UI_HOST=0.0.0.0 UI_PORT=5000 UI_DB_URI=sqlite:////app/data/ui.db
COPY --from=build /build/services/ui/dist ./dist
EXPOSE 5000
HEALTHCHECK --interval=15s --timeout=6s --start-period=10s CMD ["node", "healthcheck.mjs", "ui"]
CMD ["node", "--max-semi-space-size=2", "dist/main.js"]
