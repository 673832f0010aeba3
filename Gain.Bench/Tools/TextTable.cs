namespace Gain.Bench.Tools;

/// <summary>A table in the form of Markdown, padded so that it reads well in a terminal too.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print(TextWriter output)
    {
        Column[] columns = [.. headings.Select((heading, i) => new Column(
            _rows.Select(row => row[i].Length).Append(heading.Length).Append(3).Max(),
            _rows.All(row => char.IsLetter(row[i][0]))))];
        output.WriteLine(Line(headings, columns));
        output.WriteLine("|" + string.Concat(columns.Select(column => column.HoldsNames
            ? $" {new string('-', column.Width)} |"
            : $" {new string('-', column.Width - 1)}: |")));
        foreach (string[] row in _rows)
        {
            output.WriteLine(Line(row, columns));
        }
    }

    private static string Line(string[] cells, Column[] columns) =>
        "|" + string.Concat(cells.Zip(columns, (cell, column) => column.HoldsNames
            ? $" {cell.PadRight(column.Width)} |"
            : $" {cell.PadLeft(column.Width)} |"));

    // Names begin where the column begins; figures end where it ends.
    private readonly record struct Column(int Width, bool HoldsNames);
}
