using Gain.Tests.Analyzers.Allocation;

namespace Gain.Tests.Analyzers.Lifetime;

/// <summary>What is being typed never makes the analyzer of lifetimes fail.</summary>
public sealed class IncompleteLifetimeTests
{
    private const string Source = """
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;
        using Gain;

        [GainProtocol]
        public unsafe partial struct Handler
        {
            private nint _kept;
            private static byte* s_kept;
            private static event Action s_event;

            private void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
                fixed (byte* p = data, q = &data[0]) { _kept = (nint)p; *(nint*)s_kept = (nint)q; Store(p); }
                ref byte first = ref MemoryMarshal.GetReference(data);
                nint address = (nint)Unsafe.AsPointer(ref first);
                (s_kept, _kept) = ((byte*)address, address & 63);
                s_event += () => _ = address;
                Task.Run(() => Inner(address));
                connection.SendStatic(data[1..]);
                bool ok = Check(connection, out int count);
                foreach (byte one in data)
                {
                    try { if (one == 0 && !ok) { connection.Close(); continue; } connection.Send(data); }
                    catch (Exception) when (count > 0) { connection.Abort(); }
                    finally { count++; }
                }

                Connection same = connection;
                same.Advance(count switch { 1 => 2, var other => other });
                nint Inner(nint given) => given;
            }

            private static void Store(byte* start) => s_kept = start;

            private static bool Check(Connection connection, out int count)
            {
                count = 1;
                if (connection.IsClosing is true) { connection.Close(); return false; }
                return true;
            }
        }
        """;

    [Test]
    public async Task Sources_cut_anywhere_are_analyzed_without_a_fault()
    {
        for (int end = 0; end < Source.Length; end += 17)
        {
            // A fault of the analyzer is thrown by the run.
            await HotPathRun.Of(Source[..end]);
        }
    }

    [Test]
    public async Task Sources_without_some_of_their_text_are_analyzed_without_a_fault()
    {
        var random = new Random(20_260_103);
        for (int i = 0; i < 150; i++)
        {
            int from = random.Next(Source.Length - 8);
            await HotPathRun.Of(Source.Remove(from, random.Next(1, 8)));
        }
    }

    [Test]
    public async Task Whole_source_has_both_faults() => Assert.That(
        (await HotPathRun.Of(Source)).Select(one => one.Id),
        Does.Contain("GAIN3001").And.Contain("GAIN3002"));
}
