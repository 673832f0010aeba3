using System.Text;
using System.Text.RegularExpressions;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>A program made of the pieces of the truth test, nested at random.</summary>
/// <param name="Source">As a snippet, whose verdict is that of all its pieces together.</param>
/// <param name="Pieces">The names of the pieces, for a failure's message.</param>
internal sealed partial record FuzzProgram(Snippet Source, string Pieces)
{
    private const int MaxDepth = 4;

    /// <summary>
    /// Statements that can stand anywhere, and whose verdict is certain: what is for information depends
    /// on how often it ran before, and what is further down on what else is in the compilation.
    /// </summary>
    private static readonly Snippet[] s_pieces =
    [
        .. TruthRun.Snippets.Where(one =>
            (one.Verdict == "free" || (one.Allocates && one.Ids.Length > 0))
            && !one.HasMembers
            && !one.Ids.Any(id => id is "GAIN1013" or "GAIN1014" or "GAIN1017")
            && !Leaves().IsMatch(one.Text)),
    ];

    private static readonly Snippet[] s_free = [.. s_pieces.Where(one => !one.Allocates)];
    private static readonly Snippet[] s_allocating = [.. s_pieces.Where(one => one.Allocates)];

    /// <summary>The program of a number: the same for the same number and seed.</summary>
    public static FuzzProgram Of(int seed, int number)
    {
        var builder = new Builder(new Random(unchecked((seed * 1_000_003) + number)));
        builder.AddSequence(0, isReached: true);
        string[] ids = [.. builder.Ids.Distinct().Order(StringComparer.Ordinal)];
        string verdict = ids.Length == 0 ? "free" : string.Join(' ', ids);
        return new FuzzProgram(
            new Snippet($"program {number}", verdict, builder.Text.ToString()),
            string.Join("; ", builder.Names));
    }

    // What leaves the method keeps the pieces behind it from running, what sorts changes what they see, and
    // stackalloc must not stand in a finally.
    [GeneratedRegex(@"\b(return|yield|goto|throw|await|stackalloc|Sort|Reverse|ThrowIf\w+)\b")]
    private static partial Regex Leaves();

    private sealed class Builder(Random random)
    {
        private int _names;

        public StringBuilder Text { get; } = new();

        public List<string> Ids { get; } = [];

        public List<string> Names { get; } = [];

        public void AddSequence(int depth, bool isReached)
        {
            int count = random.Next(1, 4);
            for (int i = 0; i < count; i++)
            {
                Add(depth, isReached);
            }
        }

        private void Add(int depth, bool isReached)
        {
            int n = _names++;
            switch (depth >= MaxDepth ? 0 : random.Next(12))
            {
                case 1:
                    Wrap("if (Always)\n{\n", "}\n", depth, isReached);
                    break;
                case 2:
                    Wrap($"for (int i{n} = 0; i{n} < 2; i{n}++)\n{{\n", "}\n", depth, isReached);
                    break;
                case 3:
                    Wrap("try\n{\n", "}\nfinally\n{\nFlag = Always;\n}\n", depth, isReached);
                    break;
                case 4:
                    Wrap("try\n{\n}\nfinally\n{\n", "}\n", depth, isReached);
                    break;
                case 5:
                    Wrap($"Local{n}();\nstatic void Local{n}()\n{{\n", "}\n", depth, isReached);
                    break;
                case 6:
                    Wrap("switch (Number)\n{\ndefault:\n", "break;\n}\n", depth, isReached);
                    break;
                case 7:
                    Wrap("using (default(Disposable))\n{\n", "}\n", depth, isReached);
                    break;
                case 8:
                    Wrap($"foreach (int one{n} in Three)\n{{\n", "}\n", depth, isReached);
                    break;
                case 9:
                    // Nothing of it runs, and nothing of it is reported.
                    Wrap("if (!Always)\n{\n", "throw new InvalidOperationException();\n}\n", depth, false);
                    break;
                case 10:
                    Wrap("try\n{\n}\ncatch (ArgumentException)\n{\n", "}\n", depth, false);
                    break;
                default:
                    AddPiece(isReached);
                    break;
            }
        }

        private void Wrap(string before, string after, int depth, bool isReached)
        {
            Text.Append(before);
            AddSequence(depth + 1, isReached);
            Text.Append(after);
        }

        private void AddPiece(bool isReached)
        {
            // One in four allocates, so that there are programs without any.
            Snippet[] pieces = random.Next(4) == 0 ? s_allocating : s_free;
            Snippet piece = pieces[random.Next(pieces.Length)];
            Text.Append("{\n").Append(piece.Text).Append("}\n");
            Names.Add(piece.Name);
            if (isReached)
            {
                Ids.AddRange(piece.Ids);
            }
        }
    }
}
