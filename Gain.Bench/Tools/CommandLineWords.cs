using System.Text;

namespace Gain.Bench.Tools;

/// <summary>Splits a command at its blanks, as a shell does: quotes and backslashes keep them.</summary>
internal static class CommandLineWords
{
    public static List<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool inWord = false;
        char quote = '\0';
        for (int i = 0; i < command.Length; i++)
        {
            char c = command[i];
            if (c == '\\' && quote != '\'' && i + 1 < command.Length)
            {
                word.Append(command[++i]);
                inWord = true;
            }
            else if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                inWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                AddWord();
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        AddWord();
        return quote == '\0' ? words : throw new BenchException($"A quote is not closed: {command}");

        void AddWord()
        {
            if (inWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            inWord = false;
        }
    }
}
