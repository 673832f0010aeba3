using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gain.Cli.Tuning;
using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

/// <summary>
/// What others write, in every form: each parser takes it as a reference does, or refuses it as documented.
/// Some thousand inputs each; more with GAIN_FUZZ_SECONDS, and from another seed with GAIN_FUZZ_SEED.
/// </summary>
[Parallelizable(ParallelScope.All)]
[Patience(PatienceAttribute.Unlimited)]
public sealed class ParserFuzzTests
{
    private static readonly string[] s_addresses =
    [
        "tcp://127.0.0.1:9000", "tcp6://[::1]:0", "udp://*:53",
        "tcp://[fe80::1%lo]:1", "udp4://localhost:65535",
        "tcp://[::ffff:10.0.0.1]:80", "unix:///run/gain.sock", "unixgram://@name", "systemd:web",
        "tcp://a-b.example_c.:1",
    ];

    private static readonly string[] s_endPoints =
    [
        "192.0.2.1:9000", "[2001:db8::1]:80", "[fe80::1%1]:1", "::1", "10.0.0.1", "[::ffff:1.2.3.4]:5",
        "010.0.0.1", "127.1", "255.255.255.255:65535", "[1:2:3:4:5:6:7:8]:0",
    ];

    private static readonly string[] s_lists =
        ["0", "0-3,8", "65535", "1,1,1", "3-1", "0-", "-1", " 0", "10-12,11-14"];

    private static readonly string[] s_counts =
        ["web1", "a:b3", "xyz0", "16", "web:65536", "ab-1", "0123456789a2147483648", "ab01", ""];

    [Test]
    public void Listen_addresses_are_refused_as_documented_or_come_back_as_they_were() =>
        TextFuzz.Run(s_addresses, text =>
        {
            ServerAddress parsed;
            try
            {
                parsed = ServerAddress.Parse(text);
            }
            catch (GainException refused)
            {
                Assert.That(refused.Message, Does.Contain("Cannot listen on"));
                return;
            }

            string canonical = parsed.ToString()!;
            Assert.That(ServerAddress.Parse(canonical).ToString(), Is.EqualTo(canonical));
        });

    [Test]
    public void Addresses_are_those_that_the_framework_reads_and_come_back_as_they_were() =>
        TextFuzz.Run(s_endPoints, text =>
        {
            if (!GainAddress.TryParse(text, out GainAddress address))
            {
                return;
            }

            // The framework takes more, and what both take is the same; but for names of interfaces.
            if (!text.Contains('%'))
            {
                Assert.That(IPEndPoint.TryParse(text, out IPEndPoint? end));
                Assert.That(GainAddress.FromIPEndPoint(end!), Is.EqualTo(address));
            }

            Assert.That(GainAddress.TryParse(address.ToString(), out GainAddress again));
            Assert.That(again, Is.EqualTo(address));
        });

    [Test]
    public void Lists_of_CPUs_are_what_a_naive_reader_makes_of_them() =>
        TextFuzz.Run(s_lists, text => Assert.That(CpuList.Parse(text), Is.EqualTo(NaiveCpus(text))));

    [Test]
    public void Environment_of_systemd_is_refused_as_documented_or_names_as_many_as_it_says() =>
        TextFuzz.Run(s_counts, text =>
        {
            // Numbers far above those of open descriptors: setting their flags does nothing.
            const int First = 1 << 20;
            int cut = text.Length / 2;
            var passed = new PassedDescriptors(
                name => name switch
                {
                    "LISTEN_FDS" => text[cut..],
                    "LISTEN_PID" => "7",
                    _ => text[..cut],
                },
                processId: 7,
                First);
            bool isCount = int.TryParse(
                    text[cut..], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                && count is > 0 and <= ushort.MaxValue
                && text[cut..].All(char.IsAsciiDigit);
            try
            {
                (int Fd, string Name)[] taken = passed.Take(SystemdAddress.Parse("systemd:"));
                Assert.That(isCount);
                Assert.That(taken.Select(one => one.Fd), Is.EqualTo(Enumerable.Range(First, count)));
            }
            catch (GainException)
            {
                Assert.That(isCount, Is.False);
            }
        });

    [Test]
    public void Control_data_of_datagrams_is_never_read_past_its_end() => TextFuzz.RunBytes(bytes =>
    {
        DatagramHead head = default;
        Span<byte> raw = MemoryMarshal.AsBytes(new Span<DatagramHead>(ref head));
        bytes.AsSpan(0, Math.Min(bytes.Length, raw.Length)).CopyTo(raw);
        int controlBytes = (int)Math.Min(head.Out.controllen, DatagramHead.ControlBytes);
        Assert.That(head.Control.Length, Is.EqualTo(controlBytes));
        (int Level, int Type)[] kinds =
        [
            (SocketAbi.IPPROTO_IP, SocketAbi.IP_PKTINFO), (SocketAbi.IPPROTO_IPV6, SocketAbi.IPV6_PKTINFO),
            (SocketAbi.IPPROTO_UDP, SocketAbi.UDP_GRO),
        ];
        foreach ((int level, int type) in kinds)
        {
            if (head.TryGetControl(level, type, out ReadOnlySpan<byte> data))
            {
                Assert.That(data.Length, Is.AtMost(controlBytes));
                Assert.That(head.Control.Overlaps(data) || data.IsEmpty);
            }
        }

        Assert.That(head.RawName.Length, Is.AtMost(DatagramHead.UnixNameBytes));
    });

    private static int[]? NaiveCpus(string text)
    {
        var cpus = new SortedSet<int>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || ends.Any(end => end.Length == 0 || !end.All(char.IsAsciiDigit)))
            {
                return null;
            }

            System.Numerics.BigInteger[] numbers =
                [.. ends.Select(end => System.Numerics.BigInteger.Parse(end, CultureInfo.InvariantCulture))];
            if (numbers[^1] >= 1 << 16 || numbers[0] > numbers[^1])
            {
                return null;
            }

            for (var cpu = (int)numbers[0]; cpu <= (int)numbers[^1]; cpu++)
            {
                cpus.Add(cpu);
            }
        }

        return [.. cpus];
    }
}
