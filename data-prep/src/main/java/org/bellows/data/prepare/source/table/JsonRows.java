// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.util.List;
import org.bellows.data.prepare.source.part.JsonFields;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.text.TextLines;
import org.bellows.data.text.Utf8;

/** JSON lines: an object a line. Empty lines are passed over. */
final class JsonRows implements ManifestRows {
  private final TextLines lines;
  private final JsonFields json;

  /**
   * @param columns those that are read: text or whole numbers
   * @param label the one of them whose numbers count classes
   * @param rule how that one is read
   */
  JsonRows(TextLines lines, List<String> columns, String label, LabelRule rule) {
    this.lines = lines;
    this.json = new JsonFields(columns, label, rule);
  }

  @Override
  public Text next() throws IOException {
    TextLines.Line line = lines.next();
    while (line != null && line.problem() == null && line.text().isBlank()) {
      line = lines.next();
    }
    return line == null ? null : new Text(line.number(), line.text(), line.problem());
  }

  @Override
  public ManifestRow parse(Text row) throws IOException {
    String problem = row.problem() == null ? Utf8.problem(row.text()) : row.problem();
    if (problem != null) {
      return ManifestRow.bad(row.number(), problem);
    }
    JsonFields.Result fields = json.read(row.text());
    return fields.problem() == null
        ? new ManifestRow(row.number(), fields.values(), fields.labels(), null)
        : ManifestRow.bad(row.number(), fields.problem());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
