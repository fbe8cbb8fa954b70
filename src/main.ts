import "./page/trustedTypes";
import "./ui/lab.css";
import "./ui/lesson.css";
import "./ui/compare.css";
import "./ui/charts.css";
import { openLab } from "./page/lab";

// Two tasks, to read the script and to build the page, hold a key up for less time than one.
setTimeout(openLab);
