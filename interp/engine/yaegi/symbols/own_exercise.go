package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/exercise"
)

func init() {
	own["github.com/gobraid/gobraid/concurrency/exercise"] = map[string]reflect.Value{
		"Check":   reflect.ValueOf(exercise.Check),
		"Failure": reflect.ValueOf((*exercise.Failure)(nil)),
		"New":     reflect.ValueOf(exercise.New),
		"Plan":    reflect.ValueOf((*exercise.Plan)(nil)),
		"Result":  reflect.ValueOf((*exercise.Result)(nil)),
	}
}
