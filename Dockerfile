# The broker, without the demonstration. What this file runs is checked by test/deployment.test.ts.
#
#   docker build -t maillon .
#   docker run --rm --env-file .env maillon migrate
#   docker run --rm --env-file .env -v ./declarations:/declarations:ro maillon apply /declarations
#   docker run --env-file .env -p 3000:3000 maillon

FROM node:24.21.0-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24.21.0-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY locales ./locales
COPY migrations ./migrations
COPY views ./views
COPY src ./src
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=8", "src/main.ts"]
CMD ["serve"]
