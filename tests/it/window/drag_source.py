"""A window to drag a file from, as a file manager's is: `drag_source.py URI`. Says `ready` once it is on screen."""

import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

window = Gtk.Window(title="drag source")
window.set_default_size(200, 150)
button = Gtk.Button(label="drag me")
window.add(button)
button.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
button.drag_source_add_uri_targets()
button.connect("drag-data-get", lambda _widget, _context, data, _info, _time: data.set_uris(sys.argv[1:]))
window.connect("destroy", Gtk.main_quit)
window.connect("map-event", lambda _widget, _event: print("ready", flush=True))
window.show_all()
Gtk.main()
