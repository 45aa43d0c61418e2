package task

import "log"

// InstallLog makes the default loggers of packages log and log/slog write to the error stream of the
// cell whose task logs. A cell that calls log.SetOutput overrides it.
func InstallLog() { log.SetOutput(logWriter{}) }

type logWriter struct{}

// Write may end a killed task: loggers unlock with defer.
func (logWriter) Write(p []byte) (int, error) {
	t, r := owner()
	if r == nil {
		return processStderr.Write(p)
	}
	return r.stderr.write(t, p)
}
