import "./ui/lab.css";
import "./ui/lesson.css";
import { openLab } from "./page/lab";

openLab();
