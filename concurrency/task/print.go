package task

import (
	"fmt"
	"os"
)

// Print is what fmt.Print is lowered to: it prints to the calling task's cell.
func Print(args ...any) (int, error) { return output("stdout", fmt.Append(nil, args...)) }

// Printf is what fmt.Printf is lowered to: it prints to the calling task's cell.
func Printf(format string, args ...any) (int, error) {
	return output("stdout", fmt.Appendf(nil, format, args...))
}

// Println is what fmt.Println is lowered to: it prints to the calling task's cell.
func Println(args ...any) (int, error) { return output("stdout", fmt.Appendln(nil, args...)) }

// Scan is what fmt.Scan is lowered to: it reads the input of the calling task's cell.
func Scan(args ...any) (int, error) {
	return scan(func(f *os.File) (int, error) { return fmt.Fscan(f, args...) })
}

// Scanf is what fmt.Scanf is lowered to: it reads the input of the calling task's cell.
func Scanf(format string, args ...any) (int, error) {
	return scan(func(f *os.File) (int, error) { return fmt.Fscanf(f, format, args...) })
}

// Scanln is what fmt.Scanln is lowered to: it reads the input of the calling task's cell.
func Scanln(args ...any) (int, error) {
	return scan(func(f *os.File) (int, error) { return fmt.Fscanln(f, args...) })
}

// Stdout is what os.Stdout is lowered to: a file whose text goes to the calling task's cell, in order
// with [Print], or the file the user assigned to os.Stdout. The file stays usable when the run has ended.
func Stdout() *os.File {
	if f := assigned(os.Stdout, processStdout); f != nil {
		return f
	}
	t, r := owner()
	if r == nil {
		return os.Stdout
	}
	stdout, _ := streams(t, r)
	return stdout.open(t, processStdout)
}

// Stderr is to os.Stderr what [Stdout] is to os.Stdout.
func Stderr() *os.File {
	if f := assigned(os.Stderr, processStderr); f != nil {
		return f
	}
	t, r := owner()
	if r == nil {
		return os.Stderr
	}
	_, stderr := streams(t, r)
	return stderr.open(t, processStderr)
}

// Stdin is what os.Stdin is lowered to: a file that reads what the user types in answer to the calling
// task's cell, or the file the user assigned to os.Stdin.
func Stdin() *os.File {
	if f := assigned(os.Stdin, processStdin); f != nil {
		return f
	}
	refuse("os.Stdin")
	_, r := owner()
	if r == nil {
		return os.Stdin
	}
	return r.stdin.file(r)
}

// owner returns the calling task and the run that its output belongs to. A goroutine that is no task prints for
// the run in the foreground; in a program without runs there is none.
func owner() (*Task, *Run) {
	if t := here(); t != nil {
		return t, t.run
	}
	return nil, foreground.Load()
}

// output writes p to a stream of the calling task's cell.
func output(stream string, p []byte) (int, error) {
	if Stop.Load() != 0 {
		Safepoint()
	}
	t, r := owner()
	t.abide()
	if t != nil && t.end != nil && r.panicked.Load() {
		return len(p), nil // in Go, other goroutines do not unwind when one has panicked
	}
	t.mark(stream, p)
	switch stream {
	case "stdout":
		if f := assigned(os.Stdout, processStdout); f != nil {
			return f.Write(p)
		}
		if r == nil {
			return os.Stdout.Write(p)
		}
		stdout, _ := streams(t, r)
		return stdout.write(t, p)
	default:
		if r == nil {
			return os.Stderr.Write(p)
		}
		_, stderr := streams(t, r)
		return stderr.write(t, p)
	}
}

// scan calls read with the input of the calling task's cell.
func scan(read func(*os.File) (int, error)) (int, error) {
	f := Stdin()
	t := here()
	if t == nil {
		return read(f)
	}
	t.block(WaitInput, nil, 0)
	n, err := read(f)
	t.unblock()
	if t.stopping.Load() {
		t.safepoint()
	}
	return n, err
}

// Ptr returns a pointer to a new variable that holds v.
func Ptr[T any](v T) *T { return &v }

// PrintError prints a text to the standard error of the calling task's cell.
func PrintError(text string) { _, _ = output("stderr", []byte(text)) }
