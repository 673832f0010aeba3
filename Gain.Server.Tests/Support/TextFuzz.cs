using System.Diagnostics;
using System.Globalization;

namespace Gain.Tests.Server;

/// <summary>Feeds a parser mutations of what it takes, and noise.</summary>
internal static class TextFuzz
{
    private const int DefaultRounds = 5_000;
    private const int DefaultSeed = 20_260;

    // What means something to some parser, and what does not.
    private const string Alphabet = "0123456789abcdefx:.-,[]%@/*_ \t\n\0\u00e9\u0661+tcpudnixgrmsy";

    /// <summary>How long each target runs at least; 0 for as long as its rounds take.</summary>
    public static readonly int Seconds = Number("GAIN_FUZZ_SECONDS", 0);

    private static readonly int s_seed = Number("GAIN_FUZZ_SEED", DefaultSeed);

    /// <summary>Calls a check with texts; the seed and the text are told of the first that fails.</summary>
    public static void Run(string[] examples, Action<string> check) => Repeat(random =>
    {
        string text = random.Next(8) == 0
            ? new string([.. Enumerable.Range(0, random.Next(24)).Select(_ => Any(random))])
            : Mutate(random, examples[random.Next(examples.Length)], examples);
        return (() => check(text), Uri.EscapeDataString(text));
    });

    /// <summary>The same with bytes, of which many are 0 and small.</summary>
    public static void RunBytes(Action<byte[]> check) => Repeat(random =>
    {
        byte[] bytes = new byte[random.Next(193)];
        random.NextBytes(bytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = random.Next(4) switch
            {
                0 => bytes[i],
                1 => (byte)(bytes[i] % 64),
                _ => 0,
            };
        }

        return (() => check(bytes), Convert.ToHexString(bytes));
    });

    private static void Repeat(Func<Random, (Action Check, string Input)> next)
    {
        var random = new Random(s_seed);
        var clock = Stopwatch.StartNew();
        for (long round = 0; round < DefaultRounds || clock.Elapsed.TotalSeconds < Seconds; round++)
        {
            (Action check, string input) = next(random);
            try
            {
                check();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"GAIN_FUZZ_SEED={s_seed}, round {round}, input \"{input}\": {failure.Message}", failure);
            }
        }
    }

    private static string Mutate(Random random, string text, string[] examples)
    {
        for (int times = random.Next(4); times > 0; times--)
        {
            int at = random.Next(text.Length + 1);
            int end = Math.Min(text.Length, at + random.Next(4));
            text = random.Next(4) switch
            {
                0 => text[..at] + text[end..],
                1 => text[..at] + Any(random) + text[at..],
                2 => text[..at] + text[at..end] + text[at..],
                _ => text[..at] + examples[random.Next(examples.Length)] + text[end..],
            };
        }

        return text;
    }

    private static char Any(Random random) => Alphabet[random.Next(Alphabet.Length)];

    private static int Number(string variable, int otherwise) => int.TryParse(
        Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number)
        ? number
        : otherwise;
}
