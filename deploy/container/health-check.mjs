// Health check of the image, without curl: exit code 0 when the server answers /health.
const port = process.env.PORT || '2024';
const answer = await fetch(`http://127.0.0.1:${port}/health`, {
  signal: AbortSignal.timeout(4000),
}).catch(() => undefined);
process.exitCode = answer?.ok ? 0 : 1;
