using System.Globalization;
using System.Text;

namespace Gain;

/// <summary>
/// Makes foreign text safe for a log or a message. Characters that end the line, steer a terminal or turn the
/// direction of writing are spelled out, so that nobody can write a line that looks like the server's own.
/// </summary>
internal static class VisibleText
{
    /// <summary>The text, with invisible characters spelled out.</summary>
    public static string Of(string text)
    {
        int first = 0;
        while (first < text.Length && !IsHidden(text[first]))
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            if (IsHidden(c))
            {
                AppendEscape(visible, c);
            }
            else
            {
                visible.Append(c);
            }
        }

        return visible.ToString();
    }

    private static void AppendEscape(StringBuilder visible, char c)
    {
        switch (c)
        {
            case '\r':
                visible.Append("\\r");
                break;
            case '\n':
                visible.Append("\\n");
                break;
            case '\t':
                visible.Append("\\t");
                break;
            default:
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
                break;
        }
    }

    // C0 and C1, the two line ends of Unicode, and what sets the direction of writing.
    private static bool IsHidden(char c) => char.IsControl(c)
        || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F'
            or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
