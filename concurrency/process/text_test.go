package process_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/concurrency"
	"github.com/gobraid/gobraid/concurrency/process"
)

// interpret stands for an interpreter: it knows some functions by a word.
func interpret(source string) (any, error) {
	switch source {
	case "square":
		return square, nil
	case "refuse":
		return func(context.Context) error { return errors.New("refused") }, nil
	case "report":
		return func(_ context.Context, n int) error { return fmt.Errorf("it was %d", n) }, nil
	case "odd":
		return func(_ context.Context, n int) (int, error) {
			if n%2 == 0 {
				return 0, errors.New("even")
			}
			return n, nil
		}, nil
	case "wrong":
		return 7, nil
	case "count":
		counted++
		return func(context.Context) (int, error) { return counted, nil }, nil
	case "panic":
		return func(context.Context) (int, error) { panic("at the disco") }, nil
	}
	return nil, fmt.Errorf("what is %q?", source)
}

// counted is how often a worker has interpreted count.
var counted int

// byText is a pool for functions that are sent as text.
type byText struct {
	*process.Pool
	of   *process.Text
	with any
	many bool
}

func (b byText) Execute(ctx context.Context, c concurrency.Call) error {
	return b.Pool.Execute(ctx, &process.TextCall{
		Call: c, Of: b.of, With: b.with, Into: reflect.TypeFor[int](), Many: b.many, Take: c.Finish,
	})
}

func never(context.Context) (int, error) { return 0, errors.New("it was called here") }

func nevers(context.Context) ([]int, error) { return nil, errors.New("it was called here") }

func TestText(t *testing.T) {
	p := newPool(t, 1)
	n := 7
	of := &process.Text{Name: "main.square", Source: "square"}
	for range 3 {
		if v, err := concurrency.Submit(background, byText{p, of, &n, false}, never).Result(background); v != 49 || err != nil {
			t.Error(v, err)
		}
	}
	if v, err := concurrency.Submit(background, byText{p, of, &[]int{1, 2, 3}, true}, nevers).Result(background); fmt.Sprint(v) != "[1 4 9]" || err != nil {
		t.Error(v, err)
	}
	odd := &process.Text{Name: "main.odd", Source: "odd"}
	if v, err := concurrency.Submit(background, byText{p, odd, &[]int{1, 2, 3}, true}, nevers).Result(background); v != nil || err == nil || err.Error() != "even" {
		t.Error(v, err)
	}
}

// A text that is no function, or panics, fails its task and leaves the worker alive.
func TestTextFails(t *testing.T) {
	p := newPool(t, 1)
	for source, want := range map[string]string{
		"nonsense": `what is "nonsense"?`,
		"wrong":    "it is no func(context.Context) (B, error)",
		"panic":    "at the disco",
	} {
		fu := concurrency.Submit(background, byText{p, &process.Text{Name: source, Source: source}, nil, false}, never)
		<-fu.Done()
		err := fu.Err()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", source, err, want)
		}
	}
	if w := p.Stats().Workers; len(w) != 1 || w[0].Done != 3 {
		t.Errorf("%+v", w)
	}
}

// What cannot be sent is refused with a text, too.
func TestTextUnsendable(t *testing.T) {
	p := newPool(t, 1)
	c := make(chan int)
	_, err := concurrency.Submit(background, byText{p, &process.Text{Source: "square"}, &c, false}, never).Result(background)
	var wrong *process.TypeError
	if !errors.As(err, &wrong) {
		t.Error(err)
	}
}

func TestProcessOfText(t *testing.T) {
	n := 3
	p := process.NewOfText(&process.Text{Name: "main.report", Source: "report"}, &n)
	if err := p.Start(background); err != nil {
		t.Fatal(err)
	}
	if err := p.Join(background); err == nil || err.Error() != "it was 3" {
		t.Error(err)
	}
	if code, ended := p.ExitCode(); code != 1 || !ended {
		t.Error(code, ended)
	}
}
