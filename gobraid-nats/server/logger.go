package server

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// A logger takes what nats-server says. What it calls fatal makes Start fail; a program would have ended.
type logger struct {
	log func(string)

	mu    sync.Mutex
	fatal error
}

func (l *logger) died() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fatal
}

func (l *logger) say(format string, args []any) {
	if l.log != nil {
		l.log(strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
}

// Noticef, Debugf and Tracef drop what only helps to debug the server.
func (l *logger) Noticef(string, ...any) {}
func (l *logger) Debugf(string, ...any)  {}
func (l *logger) Tracef(string, ...any)  {}

// Warnf and Errorf pass on what they are told.
func (l *logger) Warnf(format string, args ...any)  { l.say(format, args) }
func (l *logger) Errorf(format string, args ...any) { l.say(format, args) }

// Fatalf notes why the server does not go on.
func (l *logger) Fatalf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fatal == nil {
		l.fatal = errors.New(strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
}
