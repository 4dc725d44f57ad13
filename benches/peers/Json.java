import java.util.*;

/** The strings of one flat JSON object; other values are stepped over. */
final class Json {
    final String text;
    int at = 0;

    Json(String text) { this.text = text; }

    Map<String, String> strings() {
        Map<String, String> found = new HashMap<>();
        String key = null;
        for (int depth = 0; at < text.length();) {
            char next = text.charAt(at);
            if (next == '"') {
                String string = string();
                if (depth != 1) continue;
                if (key == null) { key = string; } else { found.put(key, string); key = null; }
                continue;
            }
            at++;
            if (next == '{' || next == '[') depth++;
            if (next == '}' || next == ']') depth--;
            if (next == ',' && depth == 1) key = null;
        }
        return found;
    }

    String string() {
        StringBuilder out = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char next = text.charAt(at);
            if (next != '\\') { out.append(next); continue; }
            next = text.charAt(++at);
            if (next == 'u') { out.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16)); at += 4; continue; }
            int escape = "nrtbf".indexOf(next);
            out.append(escape < 0 ? next : "\n\r\t\b\f".charAt(escape));
        }
        at++;
        return out.toString();
    }
}
