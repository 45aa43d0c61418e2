package zmtp

import "time"

// Limits bound what peers may cost a port. The zero value of a field means its default.
type Limits struct {
	// Handshake is how long a connection may take from its first byte to the end of its handshake (5 s).
	Handshake time.Duration
	// Stall is how long a peer may leave a message half sent, or its own output unread, without any
	// progress, before it is disconnected (5 s). A connection that is merely silent is left alone.
	Stall time.Duration
	// Frame and Message are the largest frame and the largest message accepted, in bytes (64 and 128 MiB).
	Frame, Message int64
	// Frames is the largest number of frames in a message (1024).
	Frames int
	// Buffered is what all connections of the port together may hold of messages half received,
	// in bytes (256 MiB).
	Buffered int64
	// Conns is the number of connections, and Pending the number of handshakes, at one time (128 and 32).
	Conns, Pending int
	// Queue and QueueBytes bound the messages that wait for one peer (1024 and 16 MiB); a single
	// message is always admitted, however large.
	Queue      int
	QueueBytes int64
}

// filled returns l with its zero fields replaced by the defaults.
func (l Limits) filled() Limits {
	set(&l.Handshake, 5*time.Second)
	set(&l.Stall, 5*time.Second)
	set(&l.Frame, 64<<20)
	set(&l.Message, 128<<20)
	set(&l.Frames, 1024)
	set(&l.Buffered, 256<<20)
	set(&l.Conns, 128)
	set(&l.Pending, 32)
	set(&l.Queue, 1024)
	set(&l.QueueBytes, 16<<20)
	return l
}

func set[T int | int64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}
