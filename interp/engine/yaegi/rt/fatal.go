package rt

import (
	"log"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Fatal is log.Fatal.
func Fatal(args ...any) { log.Print(joined(args)...); task.Exit(1) }

// Fatalln is log.Fatalln.
func Fatalln(args ...any) { log.Println(Show(args...)...); task.Exit(1) }

// Fatalf is log.Fatalf.
func Fatalf(format string, args ...any) { LogPrintf(format, args...); task.Exit(1) }

// LogPrint is log.Print.
func LogPrint(args ...any) { log.Print(joined(args)...) }

// LogPrintln is log.Println.
func LogPrintln(args ...any) { log.Println(Show(args...)...) }

// LogPrintf is log.Printf.
func LogPrintf(format string, args ...any) {
	format, args = formatted(format, args)
	log.Printf(format, args...)
}

// LogPanic is log.Panic.
func LogPanic(args ...any) { log.Panic(joined(args)...) }

// LogPanicln is log.Panicln.
func LogPanicln(args ...any) { log.Panicln(Show(args...)...) }

// LogPanicf is log.Panicf.
func LogPanicf(format string, args ...any) {
	format, args = formatted(format, args)
	log.Panicf(format, args...)
}

// LoggerPrint is l.Print.
func LoggerPrint(_ uint64, l *log.Logger, args ...any) { l.Print(joined(args)...) }

// LoggerPrintln is l.Println.
func LoggerPrintln(_ uint64, l *log.Logger, args ...any) { l.Println(Show(args...)...) }

// LoggerPrintf is l.Printf.
func LoggerPrintf(_ uint64, l *log.Logger, format string, args ...any) {
	format, args = formatted(format, args)
	l.Printf(format, args...)
}
