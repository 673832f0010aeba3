using CsCheck;

namespace Gain.Tests.Server;

/// <summary>Whatever is written goes out once and in order, however the kernel takes it.</summary>
public sealed unsafe class OutboundPropertyTests
{
    private const int Samples = 1_000;

    // Native memory that lives as long as the process: what SendStatic is for.
    private static readonly byte* s_immortal = MakeImmortal(100_000);

    private static readonly Gen<int> s_length = Gen.OneOf(
        Gen.Int[0, 40],
        Gen.Int[900, 1_100],
        Gen.Int[16_300, 16_400],
        Gen.Int[0, 70_000]);

    [Test]
    public void Any_mix_of_writes_and_partial_sends_keeps_every_byte_in_its_place() =>
        Gen.Select(Gen.Int[0, 4], s_length, s_length).Array[1, 30].Sample(
            steps =>
            {
                using var model = new OutboundModel();
                for (int i = 0; i < steps.Length; i++)
                {
                    (int kind, int first, int second) = steps[i];
                    Write(model, kind, first, second, seed: i);
                    Assert.That(
                        model.Connection.OutboundBytes,
                        Is.EqualTo(model.WrittenBytes - model.SentBytes));
                }

                model.AssertSentAsWritten();
            },
            iter: Samples);

    private static void Write(OutboundModel model, int kind, int first, int second, int seed)
    {
        switch (kind)
        {
            case 0:
                model.Send(Clients.Pattern(first, seed));
                break;
            case 1:
                model.WriteSpan(first, Clients.Pattern(second, seed));
                break;
            case 2:
                model.SendStatic(new ReadOnlySpan<byte>(s_immortal + seed, first));
                break;
            case 3:
                // Memory that is asked for and not used changes nothing.
                model.Connection.GetSpan(first).Fill(0xAA);
                break;
            default:
                model.TakeSome(first);
                break;
        }
    }

    private static byte* MakeImmortal(int length)
    {
        var memory = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)length);
        new Random(1).NextBytes(new Span<byte>(memory, length));
        return memory;
    }
}
