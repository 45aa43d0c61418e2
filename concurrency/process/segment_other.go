//go:build !linux

package process

import (
	"context"
	"sync/atomic"
)

type segment struct{ mem []byte }

const wordUser, wordChanged = 192, 128

func newSegment(string, int) (*segment, error)                  { return nil, errSystem }
func decodeSegment([]byte) (*segment, error)                    { return nil, errSystem }
func (s *segment) word(int) *atomic.Uint32                      { return new(atomic.Uint32) }
func (s *segment) data() []byte                                 { return nil }
func (s *segment) encode() ([]byte, error)                      { return nil, errSystem }
func (s *segment) close() error                                 { return errSystem }
func (s *segment) lock(context.Context, any) error              { return errSystem }
func (s *segment) unlock() bool                                 { return false }
func (s *segment) changed()                                     {}
func (s *segment) wait(context.Context, int, uint32, any) error { return errSystem }
