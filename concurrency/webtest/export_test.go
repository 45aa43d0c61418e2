package webtest

// WithLog has s keep so many entries of its log.
func WithLog(s *Server, n int) *Server {
	s.record.keep = n
	return s
}
