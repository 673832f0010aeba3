using System.Text;

namespace Gain.Cli.Tuning;

/// <summary>Text in lines for a shell: names of interfaces may hold anything but blanks and
/// slashes.</summary>
internal static class ShellText
{
    // What means nothing to a shell, wherever it stands in a word.
    private const string PlainCharacters = "/._-:,@%+=";

    /// <summary>A word of a command: as it is, or quoted where a shell would read more into it.</summary>
    public static string Quote(string word) =>
        word.Length != 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || PlainCharacters.Contains(c))
            ? word
            : $"'{Visible(word).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>What stands behind a # or on a terminal: a line end would end the comment.</summary>
    public static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            visible.Append(char.IsControl(c) ? '?' : c);
        }

        return visible.ToString();
    }
}
