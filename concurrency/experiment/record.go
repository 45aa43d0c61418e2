package experiment

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/concurrency/display"
)

// MIME is the type under which records are shown and stored: a JSON object with name, value and unit.
const MIME = "application/vnd.gobraid.record+json"

// Record records a result: a value, of a number type, bool, string or [time.Duration], or of a type made from one of these, in a
// unit, which may be "". The value of a Duration is in the unit "ns", "µs", "us", "ms", "s", "min" or "h", and in seconds if the unit is "".
//
// The record is shown under the cell of the calling task. Record may be called from any goroutine, and blocks while the front end
// is slower than the program. In a worker process, and outside gobraid, it only prints a line.
//
// It panics if the name is blank, if the value is of another type, if it is NaN or infinite, which is no result, and if a Duration is to be
// in what is no unit of time.
func Record(name string, value any, unit string) {
	if strings.TrimSpace(name) == "" {
		panic("experiment.Record: a record needs a name")
	}
	v, unit, err := plain(value, unit)
	if err != nil {
		panic(fmt.Sprintf("experiment.Record(%q): %v", name, err))
	}
	display.Show(display.Bundle{MIME: map[string]any{
		MIME:         map[string]any{"name": name, "value": v, "unit": unit},
		"text/plain": strings.TrimSpace(name + ": " + text(v) + " " + unit),
	}})
}

// units are those of time, in nanoseconds.
var units = map[string]float64{"": 1e9, "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9}

// plain returns a value as JSON has it: a json.Number, a bool or a string; and the unit it is in.
func plain(value any, unit string) (any, string, error) {
	if d, ok := value.(time.Duration); ok {
		scale, ok := units[unit]
		if !ok {
			return nil, "", fmt.Errorf("%q is no unit of time: it is ns, µs, ms, s, min or h", unit)
		}
		if unit == "" {
			unit = "s"
		}
		return number(float64(d) / scale), unit, nil
	}
	r := reflect.ValueOf(value)
	switch r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return json.Number(strconv.FormatInt(r.Int(), 10)), unit, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return json.Number(strconv.FormatUint(r.Uint(), 10)), unit, nil
	case reflect.Float32, reflect.Float64:
		f := r.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, "", fmt.Errorf("the value is %v, which is no result", f)
		}
		if r.Kind() == reflect.Float32 {
			return json.Number(strconv.FormatFloat(f, 'g', -1, 32)), unit, nil
		}
		return number(f), unit, nil
	case reflect.Bool:
		return r.Bool(), unit, nil
	case reflect.String:
		return r.String(), unit, nil
	case reflect.Invalid:
		return nil, "", fmt.Errorf("the value is nil: it is a number, a duration, a bool or a string")
	}
	return nil, "", fmt.Errorf("the value is of type %T: it is a number, a duration, a bool or a string", value)
}

func number(f float64) json.Number { return json.Number(strconv.FormatFloat(f, 'g', -1, 64)) }

// text writes a value for people: floats with six digits.
func text(v any) string {
	n, ok := v.(json.Number)
	if !ok {
		return fmt.Sprint(v)
	}
	if _, err := n.Int64(); err == nil {
		return n.String()
	}
	f, err := n.Float64()
	if err != nil || strings.Trim(n.String(), "0123456789") == "" {
		return n.String()
	}
	return strconv.FormatFloat(f, 'g', 6, 64)
}
