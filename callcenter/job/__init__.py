"""How far long work is, for whoever looks at a screen: imports, rebuilds. Reports and exports tell it themselves."""
