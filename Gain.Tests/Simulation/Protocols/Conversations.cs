using System.Buffers.Binary;
using Gain.Workers;

namespace Gain.Tests.Simulation.Protocols;

/// <summary>
/// Makes up what the peers of each protocol say. The bytes are random, so that no two peers say the same:
/// what reaches the wrong one is recognised by its first bytes.
/// </summary>
internal static class Conversations
{
    public static Conversation Echo(SimulationRandom random, WorkerSettings settings)
    {
        byte[] output = Bytes(random, Size(random));
        return new Conversation { Output = output, Expected = output };
    }

    /// <summary>Records of a length in one byte and so many bytes, each answered by itself.</summary>
    public static Conversation Records(SimulationRandom random, WorkerSettings settings)
    {
        var output = new List<byte>();
        var marks = new List<(int, int)>();
        int size = Size(random);
        int longest = random.Skewed(1, 255);
        while (output.Count < size)
        {
            byte[] record = Bytes(random, 1 + random.Between(0, longest));
            record[0] = (byte)(record.Length - 1);
            output.AddRange(record);
            marks.Add((output.Count, output.Count));
        }

        return new Conversation { Output = [.. output], Expected = [.. output], Marks = marks };
    }

    /// <summary>Records of which one starts the layer, and the protocol's banner behind its answer.</summary>
    public static Conversation Upgraded(SimulationRandom random, WorkerSettings settings)
    {
        Conversation plain = Records(random, settings);
        List<(int Input, int Answer)> marks = plain.Marks!;
        int start = random.Chance(0.15) ? -1 : marks[random.Below(Math.Min(4, marks.Count))].Input;
        byte[] banner = start < 0 ? [] : Bytes(random, random.Skewed(0, 3_000));
        int before = Math.Max(start, 0);
        return new Conversation
        {
            Output = plain.Output,
            Expected = [.. plain.Output[..before], .. banner, .. plain.Output[before..]],
            Marks = marks.ConvertAll(
                mark => mark.Input > before ? (mark.Input, mark.Answer + banner.Length) : mark),
            UpgradesAfter = start,
            Banner = banner,
        };
    }

    /// <summary>Frames behind a length of two bytes, echoed; the last may be too long.</summary>
    public static Conversation Frames(SimulationRandom random, WorkerSettings settings)
    {
        var output = new List<byte>();
        var marks = new List<(int, int)>();
        int size = Size(random);
        int longest = random.Skewed(1, FrameEcho.MaxFrameLength);
        while (output.Count < size)
        {
            AddFrame(random, output, random.Between(0, longest));
            marks.Add((output.Count, output.Count));
        }

        var expected = new List<byte>(output);
        bool isViolation = random.Chance(0.1);
        if (isViolation)
        {
            AddFrame(random, output, FrameEcho.MaxFrameLength + random.Between(1, 500));
            expected.AddRange(FrameEcho.Complaint);
            AddFrame(random, output, 10);
        }

        return new Conversation
        {
            Output = [.. output],
            Expected = [.. expected],
            Marks = marks,
            IsViolation = isViolation,
        };
    }

    /// <summary>Lines, each answered by itself and a line feed; the end is answered too.</summary>
    public static Conversation Lines(SimulationRandom random, WorkerSettings settings)
    {
        var output = new List<byte>();
        var expected = new List<byte>();
        var marks = new List<(int, int)>();
        int size = Size(random);
        int longest = random.Skewed(1, LineAnswerer.MaxFrameLength);
        while (output.Count < size)
        {
            byte[] line = Line(random, random.Between(0, longest));
            output.AddRange(line);
            output.AddRange("\r\n"u8);
            expected.AddRange(line);
            expected.AddRange("\n"u8);
            marks.Add((output.Count, expected.Count));
        }

        bool isViolation = random.Chance(0.1);
        if (isViolation)
        {
            output.AddRange(Line(random, LineAnswerer.MaxFrameLength + random.Between(3, 300)));
        }
        else
        {
            expected.AddRange(LineAnswerer.Farewell);
        }

        return new Conversation
        {
            Output = [.. output],
            Expected = [.. expected],
            Marks = marks,
            IsViolation = isViolation,
        };
    }

    /// <summary>Requests of four bytes for up to 65,535 bytes each.</summary>
    public static Conversation Amplified(SimulationRandom random, WorkerSettings settings)
    {
        int requests = random.Skewed(0, 60);
        int largest = random.Skewed(1, random.Chance(0.1) ? 65_535 : 3_000);
        byte[] output = Bytes(random, requests * Amplifier.RequestBytes);
        var expected = new List<byte>();
        var marks = new List<(int, int)>();
        for (int i = 0; i < requests; i++)
        {
            Span<byte> request = output.AsSpan(i * Amplifier.RequestBytes, Amplifier.RequestBytes);
            int count = random.Between(0, largest);
            BinaryPrimitives.WriteUInt16LittleEndian(request, (ushort)count);
            for (int at = 0; at < count; at++)
            {
                expected.Add(Amplifier.AnswerAt(request, at));
            }

            marks.Add(((i + 1) * Amplifier.RequestBytes, expected.Count));
        }

        return new Conversation { Output = output, Expected = [.. expected], Marks = marks };
    }

    /// <summary>An echo up to where the protocol ends the connection, or the peer does.</summary>
    public static Conversation Closed(SimulationRandom random, WorkerSettings settings)
    {
        byte[] output = Bytes(random, Size(random));
        int end = random.Chance(0.5) ? random.Skewed(0, output.Length) : -1;
        bool aborts = random.Chance(0.3);
        byte[] expected = end >= 0 && !aborts
            ? output[..end]
            : [.. output, .. Closer.Farewell(output.Length, settings.Limits)];
        return new Conversation
        {
            Output = output,
            Expected = expected,
            EndsAfter = end,
            EndsByAbort = aborts,
        };
    }

    /// <summary>The server speaks first; then an echo.</summary>
    public static Conversation Greeted(SimulationRandom random, WorkerSettings settings)
    {
        byte[] output = Bytes(random, Size(random));
        byte[] greeting = Bytes(random, Size(random));
        return new Conversation
        {
            Output = output,
            Expected = [.. greeting, .. output],
            Greeting = greeting.Length,
            EndsAfter = random.Chance(0.2) ? 0 : -1,
        };
    }

    /// <summary>What is said to another peer: nobody waits for an answer of so many bytes.</summary>
    public static Conversation Coupled(SimulationRandom random, WorkerSettings settings) =>
        new() { Output = Bytes(random, Size(random)), Expected = [], Marks = [] };

    private static int Size(SimulationRandom random) =>
        random.Skewed(1, random.Chance(0.05) ? 100_000 : 8_000);

    private static byte[] Bytes(SimulationRandom random, int count)
    {
        var bytes = new byte[count];
        random.Fill(bytes);
        return bytes;
    }

    private static byte[] Line(SimulationRandom random, int length)
    {
        byte[] line = Bytes(random, length);
        foreach (ref byte one in line.AsSpan())
        {
            one = (byte)('a' + (one % 26));
        }

        return line;
    }

    private static void AddFrame(SimulationRandom random, List<byte> output, int length)
    {
        output.Add((byte)(length >> 8));
        output.Add((byte)length);
        output.AddRange(Bytes(random, length));
    }
}
