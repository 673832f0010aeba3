using System.Runtime.CompilerServices;
using System.Text;

namespace Gain.Tests.Simulation;

/// <summary>
/// What happened in a run, line by line: always as a hash, by which two runs are compared, and as text when
/// somebody reads it.
/// </summary>
internal sealed class Trace(TextWriter? writer)
{
    /// <summary>The hash of all lines so far.</summary>
    public ulong Hash { get; private set; } = 14_695_981_039_346_656_037;

    /// <summary>The virtual time, which heads each line.</summary>
    public long NowNs { get; set; }

    private bool IsRead => writer is not null;

    /// <summary>Adds a line.</summary>
    public void Add([InterpolatedStringHandlerArgument("")] ref Line line)
    {
        Mix((ulong)NowNs);
        writer?.WriteLine($"{NowNs / 1_000,12:N0} µs  {line.Text}");
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * 1_099_511_628_211;

    /// <summary>An interpolated line: a part of the hash, and text only for a reader.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Line
    {
        private readonly Trace _trace;

        public Line(int literalLength, int formattedCount, Trace trace)
        {
            _trace = trace;
            Text = trace.IsRead ? new StringBuilder(literalLength + (formattedCount * 8)) : null;
        }

        public StringBuilder? Text { get; }

        public void AppendLiteral(string literal)
        {
            _trace.Mix(((ulong)literal.Length << 16) | literal[0]);
            Text?.Append(literal);
        }

        public void AppendFormatted(long value)
        {
            _trace.Mix((ulong)value);
            Text?.Append(value);
        }

        public void AppendFormatted(bool value)
        {
            _trace.Mix(value ? 1UL : 2UL);
            Text?.Append(value ? "yes" : "no");
        }

        public void AppendFormatted(string value)
        {
            _trace.Mix(((ulong)value.Length << 16) | value[0]);
            Text?.Append(value);
        }

        public void AppendFormatted<T>(T value)
            where T : struct, Enum
        {
            _trace.Mix(Convert.ToUInt64(value, null));
            Text?.Append(value);
        }
    }
}
