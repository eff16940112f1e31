//go:build !linux

package output

func (d osDisk) LinkAll(from, to string, names []string) error {
	for _, name := range names {
		if err := d.root.Link(from+"/"+name, to+"/"+name); err != nil {
			return err
		}
	}
	return nil
}
