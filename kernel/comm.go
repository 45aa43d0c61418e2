package kernel

// commInfo answers comm_info_request: there are no comms yet.
func commInfo(*Kernel, *request) any {
	return commInfoReply{statusOK, map[string]any{}}
}

// commOpen refuses a comm. The protocol wants it closed at once when its target is unknown, and no
// target is known yet.
func commOpen(k *Kernel, r *request) any {
	var c commContent
	if parse(r, &c) == nil {
		content := mustEncode(commContent{c.ID, map[string]any{}})
		k.iopub.post("comm_close", r.header, content, nil)
	}
	return nil
}

// commIgnore takes messages to comms that do not exist.
func commIgnore(*Kernel, *request) any { return nil }
