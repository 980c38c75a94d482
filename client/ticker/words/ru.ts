import type { Words } from "./words.ts";

const plural = new Intl.PluralRules("ru");

function count(n: number, one: string, many: string): string {
  return `${n} ${plural.select(n) === "one" ? one : many}`;
}

export const ru: Words = {
  dir: "ltr",
  label: "Лента новостей",
  connecting: "Подключение",
  catchingUp: "Обновляется",
  live: "В эфире",
  offlineSince: (time) => `Нет связи с ${time}`,
  staleSince: (time) => `Не обновляется с ${time}`,
  refreshing: (seconds) => `Не в эфире: обновление каждые ${seconds} с`,
  ended: "Отключено",
  lastItem: (time) => `последняя новость ${time}`,
  noItems: "Пока нет новостей",
  nothingFits: "Нет новостей под этот фильтр",
  newItems: (n) => count(n, "новая", "новых"),
  movedItems: (n) => count(n, "обновлена", "обновлено"),
  announced: (n, headline) => `${count(n, "новая", "новых")}: ${headline}`,
  older: "ранее",
  loading: "Загрузка",
  breaking: "СРОЧНО",
  updated: "ОБНОВЛЕНО",
  updatedFirst: (time) => `ОБНОВЛЕНО, впервые ${time}`,
  corrected: "ИСПРАВЛЕНО",
  added: (time) => `ДОБАВЛЕНО ${time}`,
  pinned: "ЗАКРЕПЛЕНО",
  receivedTime: "время получения",
  withdrawn: "Эта новость отозвана.",
  beingChecked: "Эта новость проверяется.",
  leftLine: "Этой новости больше нет в ленте.",
  noText: "Кроме заголовка, текста нет.",
  cannotLoad: "Текст сейчас не загружается.",
  atSource: (credit) => `Читать в источнике: ${credit}`,
  versions: "Версии",
  whatChanged: "что изменилось",
  firstVersion: "первая версия",
  pause: "Пауза",
  play: "Продолжить",
  previous: "Предыдущая",
  next: "Следующая",
};
