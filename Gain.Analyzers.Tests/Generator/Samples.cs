namespace Gain.Tests.Generator;

/// <summary>Protocols of every kind, as source.</summary>
internal static class Samples
{
    public const string Echo = """
        using System;
        using Gain;

        namespace Sample;

        [GainProtocol]
        public partial struct Echo
        {
            private void OnRead(Connection connection, ReadOnlySpan<byte> data) => Last = data.Length;

            public int Last { get; private set; }
        }
        """;

    public const string Empty = """
        [Gain.GainProtocol]
        internal partial struct Empty;
        """;

    public const string Everything = """
        using System;
        using Gain;

        namespace Sample.Everything;

        [GainProtocol]
        public partial struct Everything
        {
            private int _calls;

            public static void OnStart(GainServer server) => ArgumentNullException.ThrowIfNull(server);
            internal void OnAccept(Connection connection) => _calls++;
            public int OnRead(ReadOnlySpan<byte> data, Connection connection) => data.Length / 2;
            private void OnWrite(int bytes) => _calls += bytes;
            private static void OnDrained() { }
            private readonly void OnReadClosed(in Connection connection) { }
            private void OnTimer(Connection connection) => _calls++;
            private void OnMessage(in (int Number, string? Text) message) => _calls += message.Number;
            private void OnDatagram(ReadOnlySpan<byte> data, Datagram datagram) => _calls += data.Length;
            private void OnDatagramClosed(DatagramEnd end) => _calls += end.Errno;
            private void OnProtocolError(in ProtocolError error, Connection connection) => _calls++;
            private void OnClose(CloseReason reason) => _calls--;
        }
        """;

    public const string Lines = """
        using System;
        using Gain;

        namespace Sample;

        [GainProtocol, Delimited("\r\n", MaxFrameLength = 4096)]
        internal partial struct Lines
        {
            private int _count;

            private void OnFrame(Connection connection, ReadOnlySpan<byte> line) => _count += line.Length;
            private void OnProtocolError(Connection connection, ProtocolError error) => _count = 0;
        }
        """;

    public const string Bytes = """
        using System;
        using Gain;

        [GainProtocol]
        [Delimited(0x00, 0xFF, MaxFrameLength = 1_073_741_823, Strip = false)]
        internal partial struct Bytes
        {
            private static void OnFrame(in ReadOnlySpan<byte> frame) => _ = frame.Length;
        }
        """;

    public const string Counter = """
        using Gain;

        namespace Sample;

        [GainProtocol, Delimited("\n", MaxFrameLength = 1)]
        internal partial record struct Counter(int Count)
        {
            private void OnFrame() => Count++;
        }
        """;

    public const string Prefixed = """
        using System;
        using Gain;

        namespace Sample;

        [GainProtocol, LengthPrefixed(Size = 4, MaxFrameLength = 65_536)]
        internal partial struct Prefixed
        {
            private int _count;

            private void OnFrame(Connection connection, ReadOnlySpan<byte> payload) => _count++;
        }
        """;

    public const string Adjusted = """
        using System;
        using Gain;

        [GainProtocol]
        [LengthPrefixed(Size = 8, BigEndian = false, Offset = 2, Adjustment = 3, MaxFrameLength = 100)]
        internal partial struct Adjusted
        {
            private static void OnFrame(ReadOnlySpan<byte> payload) => _ = payload.Length;
        }
        """;

    public const string Tiny = """
        using Gain;

        [GainProtocol, LengthPrefixed(Size = 1, IncludesHeader = true, MaxFrameLength = 1)]
        internal partial struct Tiny
        {
            private static void OnFrame() { }
        }
        """;

    public const string Records = """
        using System;
        using Gain;

        [GainProtocol, FixedSize(32)]
        internal partial struct Records
        {
            private static void OnFrame(Connection connection, ReadOnlySpan<byte> record) => _ = record[31];
        }
        """;

    public const string Varints = """
        using System;
        using Gain;

        [GainProtocol, VarintPrefixed(70_000)]
        internal partial struct Varints
        {
            private static void OnFrame(Connection connection, in ReadOnlySpan<byte> frame) { }
        }
        """;

    public const string Custom = """
        using System;
        using Gain;

        [GainProtocol, CustomFraming(MaxFrameLength = 256)]
        internal partial struct Custom
        {
            private static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
            {
                bool isWhole = buffer[0] < buffer.Length;
                frame = isWhole ? buffer[..(buffer[0] + 1)] : default;
                buffer = buffer[frame.Length..];
                return isWhole;
            }

            private static void OnFrame(ReadOnlySpan<byte> frame, Connection connection) { }
        }
        """;

    public const string Shared = """
        using System;
        using Gain;

        [PerWorker]
        public struct Store { public int Count; }

        [PerWorker]
        public sealed class Names<T> { public T? Last; }

        [GainProtocol]
        public partial struct Shared
        {
            private static void OnAccept(ref Store store) => store.Count++;

            private void OnRead(Names<int> names, in Store store, Connection connection) =>
                names.Last = store.Count;

            private static void OnClose(ref Names<int> names, CloseReason reason, ref Store store) { }
        }
        """;

    public const string Talk = """
        using Gain;

        [GainProtocol]
        public partial struct Talk
        {
            private static async Session OnSession(SessionContext s)
            {
                while (await s.Read())
                {
                    s.Consume(s.Data.Length);
                }
            }
        }
        """;

    public const string Dialogue = """
        using Gain;

        [PerWorker]
        public sealed class Room { public int Guests; }

        [GainProtocol, Delimited("\n", MaxFrameLength = 100)]
        public partial struct Dialogue
        {
            private void OnAccept(Connection connection) { }

            private static async Session OnSession(Room room, SessionContext s)
            {
                room.Guests++;
                await s.Frame();
            }

            private void OnMessage(Connection connection, int number) { }

            private void OnClose(CloseReason reason) { }
        }
        """;

    public const string Feed = """
        using Gain;

        namespace Prices;

        public readonly record struct Price(long Cents);

        [GainProtocol, SessionMessage<Price>]
        public partial struct Feed
        {
            private static async Session OnSession(SessionContext s)
            {
                while (await s.Message<Price>() is { } price)
                {
                    s.Send(price.Cents > 0 ? "+"u8 : "-"u8);
                }
            }
        }
        """;

    public const string Nested = """
        using System;
        using Gain;

        namespace Sample.@namespace.@event
        {
            public abstract partial class Outer<T, @class>
                where T : class, new()
            {
                internal partial record Middle(int Value)
                {
                    private protected partial interface IInner
                    {
                        [GainProtocol]
                        internal readonly partial record struct @struct<TWorker>
                            where TWorker : unmanaged, IComparable<TWorker>
                        {
                            private void OnClose(CloseReason reason, Connection connection) { }
                        }
                    }
                }
            }
        }
        """;

    /// <summary>Every sample, by name.</summary>
    public static IEnumerable<TestCaseData> All =>
        new (string Name, string Source)[]
        {
            (nameof(Echo), Echo),
            (nameof(Empty), Empty),
            (nameof(Everything), Everything),
            (nameof(Lines), Lines),
            (nameof(Bytes), Bytes),
            (nameof(Counter), Counter),
            (nameof(Prefixed), Prefixed),
            (nameof(Adjusted), Adjusted),
            (nameof(Tiny), Tiny),
            (nameof(Records), Records),
            (nameof(Varints), Varints),
            (nameof(Custom), Custom),
            (nameof(Shared), Shared),
            (nameof(Talk), Talk),
            (nameof(Dialogue), Dialogue),
            (nameof(Feed), Feed),
            (nameof(Nested), Nested),
        }.Select(sample => new TestCaseData(sample.Name, sample.Source).SetArgDisplayNames(sample.Name));
}
