/**
 * The product's icons: 16-px grid, one stroke width, the colour of the text. They are decoration (`aria-hidden`); the
 * control that carries one has its own name.
 */
import type { SVGProps } from "react";

const paths = {
  alert: "M8 2.5 14.2 13H1.8L8 2.5ZM8 6.5v3M8 11.4v.1",
  arrowDown: "M8 2.5v11M3.8 9.3 8 13.5l4.2-4.2",
  arrowUp: "M8 13.5v-11M3.8 6.7 8 2.5l4.2 4.2",
  block: "M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3l3.5-3.5ZM5 8h6",
  calendar: "M2.5 4h11v9.5h-11V4ZM2.5 7h11M5.5 2v3.2M10.5 2v3.2",
  check: "M3 8.5 6.5 12 13 4.5",
  checkCircle: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.3 8.2 7.2 10l3.5-4",
  chevronDown: "m4 6 4 4 4-4",
  chevronLeft: "M10 4 6 8l4 4",
  chevronUp: "m4 10 4-4 4 4",
  clients: "M2 13.5V5.2L7 2.5v11M7 6h7v7.5M1.2 13.5h13.6M4.3 6.7v.1M4.3 9.5v.1M9.8 8.7v.1M11.8 8.7v.1M9.8 11v.1M11.8 11v.1",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.3 1.5",
  close: "m4 4 8 8M12 4l-8 8",
  cloud: "M4.6 12.5a3.1 3.1 0 0 1-.3-6.2 4 4 0 0 1 7.6.6 2.8 2.8 0 0 1-.5 5.6H4.6Z",
  cloudOff: "m2 2 12 12M6.4 4.2a4 4 0 0 1 5.5 2.7 2.8 2.8 0 0 1 1.6 4.6M11 12.5H4.6a3.1 3.1 0 0 1-.3-6.2l.3-.6",
  comment: "M2.5 3h11v8H7.3L4.5 13.5V11h-2V3Z",
  copy: "M5.5 5.5h8v8h-8v-8ZM10.5 5.5v-3h-8v8h3",
  dot: "M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z",
  download: "M8 2.5v7.7M4.7 7 8 10.3 11.3 7M2.5 13.5h11",
  external: "M6.5 3h-4v10.5H13v-4M9.5 2.5h4v4M13.2 2.8 7.5 8.5",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z",
  eyeOff: "m2 2 12 12M6.2 4A6.6 6.6 0 0 1 8 3.8C12 3.8 14.5 8 14.5 8s-.7 1.2-2 2.3M10 11.9a6.5 6.5 0 0 1-2 .3C4 12.2 1.5 8 1.5 8s.9-1.5 2.5-2.7",
  file: "M3.5 1.8h6l3 3v9.4h-9V1.8ZM9.3 2v3h3",
  folder: "M1.8 3.5h4.4l1.5 1.7h6.5v7.8H1.8V3.5Z",
  folderOpen: "M1.8 13V3.5h4.4l1.5 1.7h5v2M1.8 13l2.2-5.8h10.5L12.3 13H1.8Z",
  fork: "M4.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM11.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM8 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM4.5 5.5C4.5 8 8 8 8 10.5M11.5 5.5C11.5 8 8 8 8 10.5",
  hash: "M6.3 2.5 5 13.5M11 2.5 9.7 13.5M3 5.8h10.5M2.5 10.2H13",
  inbox: "M2 9.5 4 3h8l2 6.5v4H2v-4ZM2 9.5h3.5l1 1.7h3l1-1.7H14",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.3v3.5M8 5.1v.1",
  laptop: "M3.5 3.5h9v6.5h-9V3.5ZM1.5 12.5h13",
  link: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.8-.8",
  lock: "M3.5 7.2h9v6.3h-9V7.2ZM5.3 7.2V5a2.7 2.7 0 0 1 5.4 0v2.2",
  minus: "M3.5 8h9",
  more: "M3.5 8v.1M8 8v.1M12.5 8v.1",
  move: "M1.8 3.5h4.4l1.5 1.7h6.5v7.8H1.8V3.5ZM5.5 9h5M8.5 7l2 2-2 2",
  panelLeft: "M2 3h12v10H2V3ZM6 3v10",
  panelRight: "M2 3h12v10H2V3ZM10 3v10",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  pencil: "m3 13 .7-3 7-7 2.3 2.3-7 7L3 13Z",
  people: "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 2.8a2.4 2.4 0 0 1 0 4.5M12 9.8c1.5.5 2.5 1.8 2.5 3.7",
  person: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.8 14c0-2.7 2.3-4 5.2-4s5.2 1.3 5.2 4",
  play: "M5 3.5 12 8l-7 4.5v-9Z",
  plus: "M8 3v10M3 8h10",
  redo: "M10.5 3 13.5 6l-3 3M13.3 6H6.5a3.5 3.5 0 0 0 0 7H8",
  restore: "M3 8a5 5 0 1 1 1.6 3.7M2.8 4.8V8H6",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2",
  settings: "M2.5 4.5h6M12 4.5h1.5M10.2 6.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4ZM2.5 11.5H4M7.5 11.5h6M5.8 13.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z",
  stamp: "M5.8 9.5V7.3A3 3 0 0 1 8 2.5a3 3 0 0 1 2.2 4.8v2.2M3 9.5h10v2.5H3V9.5ZM3 13.8h10",
  sync: "M2.5 7.5A5.6 5.6 0 0 1 12.6 5M13.5 8.5A5.6 5.6 0 0 1 3.4 11M12.8 2.3V5H10M3.2 13.7V11H6",
  toCheck: "M3.5 14V2.5M3.5 3h9l-2 3 2 3h-9",
  trash: "M2.8 4.3h10.4M6 4.3V2.5h4v1.8M4 4.3l.6 9.2h6.8l.6-9.2M6.6 6.8v4.2M9.4 6.8v4.2",
  undo: "M5.5 3 2.5 6l3 3M2.7 6h6.8a3.5 3.5 0 0 1 0 7H8",
  upload: "M8 10.5V2.8M4.7 6 8 2.7 11.3 6M2.5 13.5h11",
  zoomIn: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2M5 7h4M7 5v4",
} as const;

export type IconName = keyof typeof paths;

/** An icon, 16 px unless `size` says otherwise. */
export function Icon({ name, size = 16, ...rest }: { name: IconName; size?: number } & SVGProps<SVGSVGElement>) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...rest}
    >
      <path d={paths[name]} />
    </svg>
  );
}
