namespace Gain.Bench.Tools;

/// <summary>The last lines of a stream: enough to say what went wrong, however much comes.</summary>
internal sealed class Tail
{
    private const int MaxLines = 40;

    private readonly Queue<string> _lines = new();

    /// <summary>Adds a line; null, the end of the stream, is none. Any thread.</summary>
    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MaxLines)
            {
                _lines.Dequeue();
            }
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public override string ToString() => string.Join(Environment.NewLine, Lines);
}
