package process

import "context"

// A Pipe is an end of a connection between two processes: what is sent into one end is received from the other. It is handed to a function in
// another process as its argument, or in it, as a *Pipe. It is made by [NewPipe].
type Pipe[T any] struct {
	In, Out *Queue[T]
}

// NewPipe returns the two ends of a pipe with room for values of that many bytes in each direction, as [NewQueue] counts them.
func NewPipe[T any](bytes int) (a, b *Pipe[T], err error) {
	one, err := NewQueue[T](bytes)
	if err != nil {
		return nil, nil, err
	}
	two, err := NewQueue[T](bytes)
	if err != nil {
		return nil, nil, err
	}
	return &Pipe[T]{one, two}, &Pipe[T]{two, one}, nil
}

// Send sends a value to the other end. It blocks while there is no room, and returns what [Queue.Put] does.
func (p *Pipe[T]) Send(ctx context.Context, v T) error { return p.Out.Put(ctx, v) }

// Recv receives a value from the other end. It blocks while there is none, and returns what [Queue.Get] does.
func (p *Pipe[T]) Recv(ctx context.Context) (T, error) { return p.In.Get(ctx) }

// Close has Send fail at both ends, and Recv when all that was sent is received.
func (p *Pipe[T]) Close() {
	p.In.Close()
	p.Out.Close()
}
