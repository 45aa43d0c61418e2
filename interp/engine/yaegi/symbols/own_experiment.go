package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/experiment"
)

var ownExperiment = map[string]reflect.Value{
	"Load":     reflect.ValueOf(experiment.Load),
	"MIME":     reflect.ValueOf(experiment.MIME),
	"ParseRow": reflect.ValueOf(experiment.ParseRow),
	"Record":   reflect.ValueOf(experiment.Record),
	"Row":      reflect.ValueOf((*experiment.Row)(nil)),
	"Run":      reflect.ValueOf((*experiment.Run)(nil)),
	"Table":    reflect.ValueOf((*experiment.Table)(nil)),
}
