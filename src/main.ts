import "./ui/lab.css";
import { openLab } from "./page/lab";

openLab();
