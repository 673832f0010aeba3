namespace Gain.MutationTester;

/// <summary>One change of one place.</summary>
/// <param name="Id">Its number in the switch; 0 until it is chosen.</param>
/// <param name="File">From the root of the tree.</param>
/// <param name="Line">Of the unmutated file, from 1.</param>
/// <param name="Start">The first character of the node that is exchanged.</param>
/// <param name="Length">Of that node.</param>
/// <param name="Operator">What kind of change it is.</param>
/// <param name="Before">The node's text.</param>
/// <param name="After">What takes its place; nothing for a statement that is left out.</param>
internal sealed record Mutant(
    int Id,
    string File,
    int Line,
    int Start,
    int Length,
    MutationOperator Operator,
    string Before,
    string After)
{
    public override string ToString() =>
        $"{Id,4}  {File}:{Line}  {Operator}  {Short(Before)} → {Short(After)}";

    private static string Short(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? "(nothing)" : line.Length <= 90 ? line : line[..87] + "...";
    }
}
