import type { Words } from "./words.ts";

const plural = new Intl.PluralRules("ar");

function toNew(n: number): string {
  switch (plural.select(n)) {
    case "one":
      return "خبر جديد";
    case "two":
      return "خبران جديدان";
    case "few":
      return `${n} أخبار جديدة`;
    case "zero":
    case "many":
    case "other":
      return `${n} خبرا جديدا`;
  }
}

export const ar: Words = {
  dir: "rtl",
  label: "شريط الأخبار",
  connecting: "جار الاتصال",
  catchingUp: "جار التحديث",
  live: "مباشر",
  offlineSince: (time) => `لا اتصال منذ ${time}`,
  staleSince: (time) => `غير مباشر منذ ${time}`,
  refreshing: (seconds) => `غير مباشر: تحديث كل ${seconds} ثانية`,
  ended: "انقطع الاتصال",
  lastItem: (time) => `آخر خبر ${time}`,
  noItems: "لا أخبار بعد",
  nothingFits: "لا شيء يطابق التصفية",
  newItems: toNew,
  movedItems: (n) => `محدث: ${n}`,
  announced: (n, headline) => `${toNew(n)}: ${headline}`,
  older: "أقدم",
  loading: "جار التحميل",
  breaking: "عاجل",
  updated: "محدث",
  updatedFirst: (time) => `محدث، أول نشر ${time}`,
  corrected: "مصحح",
  added: (time) => `أضيف ${time}`,
  pinned: "مثبت",
  receivedTime: "وقت الاستلام",
  withdrawn: "سحب هذا الخبر.",
  beingChecked: "يجري التحقق من هذا الخبر.",
  leftLine: "لم يعد هذا الخبر في هذا الشريط.",
  noText: "لا نص غير العنوان.",
  cannotLoad: "تعذر تحميل النص الآن.",
  atSource: (credit) => `اقرأه في المصدر: ${credit}`,
  versions: "النسخ",
  whatChanged: "ما الذي تغير",
  firstVersion: "النسخة الأولى",
  pause: "إيقاف",
  play: "تشغيل",
  previous: "السابق",
  next: "التالي",
};
