package task

import (
	"fmt"
	"log"
)

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
	t.abide()
	t.mark("stderr", p)
	_, stderr := streams(t, r)
	return stderr.write(t, p)
}

// Fatal is what log.Fatal is lowered to: like [Exit] it sees that what was printed is delivered.
func Fatal(args ...any) { fatal(fmt.Sprint(args...)) }

// Fatalf is what log.Fatalf is lowered to. See [Fatal].
func Fatalf(format string, args ...any) { fatal(fmt.Sprintf(format, args...)) }

// Fatalln is what log.Fatalln is lowered to. See [Fatal].
func Fatalln(args ...any) { fatal(fmt.Sprintln(args...)) }

func fatal(text string) {
	_ = log.Output(3, text) // counted from here to the caller of Fatal
	Exit(1)
}
