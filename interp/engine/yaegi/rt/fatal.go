package rt

import (
	"log"

	"github.com/gobraid/gobraid/concurrency/task"
)

// Fatal is log.Fatal.
func Fatal(args ...any) { log.Print(args...); task.Exit(1) }

// Fatalln is log.Fatalln.
func Fatalln(args ...any) { log.Println(args...); task.Exit(1) }

// Fatalf is log.Fatalf.
func Fatalf(format string, args ...any) { log.Printf(format, args...); task.Exit(1) }
