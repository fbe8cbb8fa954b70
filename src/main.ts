import "./ui/lab.css";
import "./ui/lesson.css";
import "./ui/compare.css";
import "./ui/charts.css";
import { openLab } from "./page/lab";

openLab();
