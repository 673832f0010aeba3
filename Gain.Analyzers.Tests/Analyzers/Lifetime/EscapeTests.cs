using System.Globalization;
using Gain.Analyzers.Lifetime;
using Gain.Tests.Analyzers.Allocation;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Lifetime;

/// <summary>An address of lent memory that outlives the callback is reported, and no other.</summary>
public sealed class EscapeTests
{
    [TestCase("fixed (byte* p = data) { s_address = {|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = data) { s_number = (nint){|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = data[1..]) { s_address = {|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = &data[1]) { s_long = (long){|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = &MemoryMarshal.GetReference(data)) { s_address = {|GAIN3001:p + 1|}; }")]
    [TestCase("s_address = (byte*){|GAIN3001:Unsafe.AsPointer(ref MemoryMarshal.GetReference(data))|};")]
    [TestCase(
        "ref byte r = ref MemoryMarshal.GetReference(data); s_address = "
        + "(byte*){|GAIN3001:Unsafe.AsPointer(ref r)|};")]
    [TestCase(
        "var all = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(data), 4); fixed (byte* "
        + "p = all) { s_address = {|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = data) { IntPtr q = (IntPtr)p; nint r = q; _own = {|GAIN3001:r|}; }")]
    [TestCase(
        "fixed (byte* p = data) { _ = _pair.Length; Pair two = new Pair { Start = p }; _pair = "
        + "{|GAIN3001:two|}; }")]
    [TestCase("fixed (byte* p = data) { s_array[0] = (nint){|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = data) { *s_native = (nint){|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = data) { s_list.Add((nint){|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { (s_number, s_long) = ((nint){|GAIN3001:p|}, 1); }")]
    [TestCase("fixed (byte* p = data) { Interlocked.Exchange(ref s_number, (nint){|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { s_object = (nint){|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = data) { s_long = {|GAIN3001:(long)p ^ 5|}; }")]
    [TestCase("fixed (byte* p = data) { Marshal.WriteIntPtr(s_number, (nint){|GAIN3001:p|}); }")]
    [TestCase(
        "fixed (byte* p = data) { Unsafe.Write(Unsafe.AsPointer(ref s_number), (nint){|GAIN3001:p|}); }")]
    [TestCase(
        "fixed (byte* p = data) { void* to = Unsafe.AsPointer(ref s_number); "
        + "Unsafe.Write(to, (nint){|GAIN3001:p|}); }")]
    [TestCase(
        "fixed (byte* p = data) { var to = (nint*)Unsafe.AsPointer(ref s_number); "
        + "*to = (nint){|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = data) { ref nint slot = ref s_number; slot = (nint){|GAIN3001:p|}; }")]
    [TestCase("connection.SendStatic({|GAIN3001:data|});")]
    [TestCase("_ = connection.TrySendStatic({|GAIN3001:data[2..]|});")]
    [TestCase("fixed (byte* p = data) { Span<nint> s = s_array; s[0] = (nint){|GAIN3001:p|}; }")]
    [TestCase(
        "fixed (byte* p = data) { Span<nint> s = s_array.AsSpan(1)[1..]; s[0] = "
        + "(nint){|GAIN3001:p|}; }")]
    [TestCase(
        "fixed (byte* p = data) { Span<nint> s; s = s_array; s = s[1..]; s[0] = "
        + "(nint){|GAIN3001:p|}; }")]
    [TestCase(
        "fixed (byte* p = data) { var s = new Span<nint>(ref s_number); s[0] = (nint){|GAIN3001:p|}; "
        + "}")]
    [TestCase("fixed (byte* p = data) { s_array.AsSpan().Fill((nint){|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { Array.Fill(s_array, (nint){|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { s_array.SetValue((nint){|GAIN3001:p|}, 0); }")]
    [TestCase(
        "fixed (byte* p = data) { foreach (ref nint s in s_array.AsSpan()) { s = "
        + "(nint){|GAIN3001:p|}; } }")]
    [TestCase(
        "fixed (byte* p = data) { Put(s_array, (nint)p); } "
        + "static void Put(Span<nint> to, nint q) => to[0] = {|GAIN3001:q|};")]
    [TestCase("fixed (byte* p = connection.GetSpan(4)) { s_address = {|GAIN3001:p|}; }")]
    [Reports("GAIN3001")]
    public Task Address_that_is_kept_is_reported(string code) => Verify(code);

    [TestCase("fixed (byte* p = bytes) { s_address = {|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = datagram.RemotePath) { s_address = {|GAIN3001:p|}; }")]
    [TestCase(
        "ReadOnlySpan<byte> path = datagram.RemotePath[1..]; fixed (byte* p = path) { _own = "
        + "(nint){|GAIN3001:p|}; }")]
    [TestCase("fixed (byte* p = datagram.RemotePath) { _ = *p; } datagram.RemotePath.CopyTo(s_copy);")]
    [Reports("GAIN3001")]
    public Task Address_of_a_datagram_or_its_name_is_followed(string code) => Verify("", code);

    [TestCase("fixed (byte* p = data) { nint q = (nint)p; Task.Run(() => *(byte*){|GAIN3001:q|}); }")]
    [TestCase("fixed (byte* p = data) { nint q = (nint)p; new Thread(() => Use({|GAIN3001:q|})).Start(); }")]
    [TestCase(
        "fixed (byte* p = data) { nint q = (nint)p; ThreadPool.QueueUserWorkItem(_ => "
        + "Use({|GAIN3001:q|})); }")]
    [TestCase("fixed (byte* p = data) { ThreadPool.QueueUserWorkItem(Use, (nint){|GAIN3001:p|}, false); }")]
    [TestCase("fixed (byte* p = data) { s_channel.Writer.TryWrite((nint){|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { nint q = (nint)p; s_later = () => Use({|GAIN3001:q|}); }")]
    [TestCase("fixed (byte* p = data) { nint q = (nint)p; s_event += () => Use({|GAIN3001:q|}); }")]
    [TestCase("fixed (byte* p = data) { _ = Later.Wait((nint){|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { s_taker((nint){|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { _ = new UnmanagedMemoryStream({|GAIN3001:p|}, 1); }")]
    [Reports("GAIN3001")]
    public Task Address_that_another_thread_or_unknown_code_gets_is_reported(string code) => Verify(code);

    [TestCase("fixed (byte* p = data) { Parts.Store({|GAIN3001:p|}); }")]
    [TestCase("Parts.Begin({|GAIN3001:data|});")]
    [TestCase("Parts.Place(ref {|GAIN3001:MemoryMarshal.GetReference(data)|});")]
    [TestCase("s_number = {|GAIN3001:Parts.Address(data)|};")]
    [TestCase("Parts.Into({|GAIN3001:data|}, out s_number);")]
    [TestCase("fixed (byte* p = data) { _ = new Holder({|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { _pair = {|GAIN3001:new Pair(p)|}; }")]
    [TestCase("fixed (byte* p = data) { _pair.Set({|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { Remember({|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { s_keeper.Keep((nint){|GAIN3001:p|}); }")]
    [TestCase("fixed (byte* p = data) { Inner(p); void Inner(byte* q) => s_address = {|GAIN3001:q|}; }")]
    [Reports("GAIN3001")]
    public Task Address_that_a_called_method_keeps_is_reported(string code) => Verify(code);

    [TestCase("fixed (byte* p = data) { s_number = *p; }")]
    [TestCase("fixed (byte* p = data) { s_long = *(long*)p; s_number = *(nint*)(p + 8); }")]
    [TestCase(
        "fixed (byte* p = data) { byte* end = p + data.Length; s_long = end - p; s_number = "
        + "(nint)p & 63; }")]
    [TestCase("fixed (byte* p = s_copy) { s_address = p; }")]
    [TestCase(
        "fixed (byte* p = data) { Span<nint> s = stackalloc nint[2]; s[0] = (nint)p; "
        + "s[1..].Fill((nint)p); }")]
    [TestCase("fixed (byte* p = data) { nint q = 0; var s = new Span<nint>(ref q); s[0] = (nint)p; }")]
    [TestCase("fixed (byte* p = data) { Span<nint> s = s_array; s[0] = *(nint*)p; s.Fill(*p); }")]
    [TestCase("data[..4].CopyTo(s_copy);")]
    [TestCase("s_number = MemoryMarshal.GetReference(data);")]
    [TestCase("s_long = BinaryPrimitives.ReadInt64LittleEndian(data); s_number = data.Length;")]
    [TestCase(
        "s_long = MemoryMarshal.Read<long>(data); ref readonly long r = ref "
        + "MemoryMarshal.AsRef<long>(data); s_long = r;")]
    [TestCase("void* p = Unsafe.AsPointer(ref MemoryMarshal.GetReference(data)); s_number = *(byte*)p;")]
    [TestCase(
        "nint here = 0; fixed (byte* p = data) { void* to = Unsafe.AsPointer(ref here); "
        + "Unsafe.Write(to, (nint)p); }")]
    [TestCase("nint here = 0; fixed (byte* p = data) { Unsafe.Write(Unsafe.AsPointer(ref here), (nint)p); }")]
    [TestCase("fixed (byte* p = data) { s_number = Native.read(0, p, 4); }")]
    [TestCase(
        "fixed (byte* p = data) { Pair* v = stackalloc Pair[1]; v->Start = p; v->Length = 4; "
        + "s_number = Native.writev(1, v, 1); }")]
    [TestCase(
        "fixed (byte* p = data, q = s_copy) { Buffer.MemoryCopy(p, q, 64, 4); s_long = "
        + "Unsafe.ReadUnaligned<long>(p); }")]
    [TestCase(
        "fixed (byte* p = data) { s_object = Encoding.UTF8.GetString(p, 4); s_object = new "
        + "string((sbyte*)p); }")]
    [TestCase("fixed (byte* p = data) { nint q = (nint)p; Func<int> f = () => *(byte*)q; s_number = f(); }")]
    [TestCase("fixed (byte* p = data) { nint q = (nint)p; s_number = s_list.Count(one => one == q); }")]
    [TestCase("fixed (byte* p = data) { s_number = Parts.Sum(p, data.Length); }")]
    [TestCase("fixed (byte* p = data) { var pair = new Pair(p); s_number = pair.Length; pair.Set(p); }")]
    [TestCase("fixed (byte* p = data) { connection.Send(new ReadOnlySpan<byte>(p, 4)); }")]
    [TestCase("connection.Send(data); connection.SendStatic(\"abc\"u8);")]
    [TestCase("fixed (byte* p = data) { s_object = data.ToArray(); s_number = data.IndexOf((byte)1); }")]
    [TestCase("fixed (byte* p = data) { _ = Later.Quick((nint)p); }")]
    [TestCase("var span = connection.GetSpan(4); fixed (byte* p = span) { *p = 1; } connection.Advance(1);")]
    [Allows("GAIN3001")]
    public Task Address_that_is_used_in_the_callback_only_is_not(string code) => Verify(code);

    [Test]
    public Task Parser_of_a_framing_answers_by_spans_and_keeps_no_address() =>
        RuleVerifier.Verify<LifetimeAnalyzer>("""
            #nullable disable
            [GainProtocol]
            [CustomFraming(MaxFrameLength = 100)]
            public unsafe partial struct Handler
            {
                private static nint s_kept;

                private static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
                {
                    fixed (byte* p = buffer)
                    {
                        s_kept = (nint){|GAIN3001:p|};
                    }

                    frame = buffer[..4];
                    buffer = buffer[4..];
                    return true;
                }

                private void OnFrame(Connection connection, ReadOnlySpan<byte> frame)
                {
                }
            }
            """);

    [TestCase(
        "public static int operator +(Taker a, nint b) { s_kept = b; return 1; }",
        "_ = default(Taker) + {|GAIN3001:q|};")]
    [TestCase(
        "public static int operator ~(Taker a) { s_kept = a.Own; return 1; }",
        "_ = ~{|GAIN3001:new Taker { Own = q }|};")]
    [TestCase(
        "public static implicit operator Taker(nint b) { s_kept = b; return default; }",
        "Taker t = {|GAIN3001:q|};")]
    [TestCase(
        "public static Taker operator *(Taker a, nint b) { s_kept = b; return a; }",
        "Taker t = default; t *= {|GAIN3001:q|};")]
    [Reports("GAIN3001")]
    public Task Address_that_an_operator_keeps_is_reported(string member, string code) =>
        RuleVerifier.Verify<LifetimeAnalyzer>($$"""
            #nullable disable
            [GainProtocol]
            public unsafe partial struct Handler
            {
                private void OnRead(Connection connection, ReadOnlySpan<byte> data)
                {
                    fixed (byte* p = data)
                    {
                        nint q = (nint)p;
                        {{code}}
                    }
                }
            }

            public struct Taker
            {
                private static nint s_kept;

                public nint Own;

                {{member}}
            }
            """);

    [Test]
    public async Task Message_tells_the_way()
    {
        var found = (await HotPathRun.Of($$"""
            using System;
            [Gain.GainProtocol]
            public unsafe partial struct Handler
            {
                void OnRead(Gain.Connection connection, ReadOnlySpan<byte> data)
                {
                    fixed (byte* p = data) { A.First(p); }
                }
            }

            internal static unsafe class A
            {
                private static byte* s_kept;
                public static void First(byte* p) => Second(p);
                private static void Second(byte* p) => s_kept = p;
            }
            """)).Single(one => one.Id == "GAIN3001");
        Assert.That(
            found.GetMessage(CultureInfo.InvariantCulture),
            Does.StartWith(
                "A.First(byte*) → A.Second(byte*): the field 's_kept' keeps an address of 'data', whose"));
        Assert.That(
            found.AdditionalLocations.Select(place => place.GetLineSpan().StartLinePosition.Line),
            Is.EqualTo([13, 14]));
    }

    private static Task Verify(string code, string datagramCode = "") =>
        RuleVerifier.Verify<LifetimeAnalyzer>($$"""
        #pragma warning disable CS0414, CS0169, CS0649, CS8500, CS0067, CS8981, CS0162, CS0219
        #nullable disable
        using System.Buffers.Binary;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Text;
        using System.Threading.Channels;

        [GainProtocol]
        public unsafe partial struct Handler
        {
            private nint _own;
            private Pair _pair;
            private static byte* s_address;
            private static nint s_number;
            private static long s_long;
            private static object s_object;
            private static nint* s_native;
            private static readonly nint[] s_array = new nint[4];
            private static readonly List<nint> s_list = [];
            private static readonly byte[] s_copy = new byte[64];
            private static Action s_later;
            private static event Action s_event;
            private static readonly Action<nint> s_taker = static _ => { };
            private static readonly Channel<nint> s_channel = Channel.CreateUnbounded<nint>();
            private static readonly IKeeper s_keeper = new Keeper();

            private void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
                {{code}}
            }

            private void OnDatagram(Datagram datagram, ReadOnlySpan<byte> bytes)
            {
                {{datagramCode}}
            }

            private void Remember(byte* p) => _own = (nint)p;

            internal static void Use(nint address) => s_copy[0] = *(byte*)address;
        }

        internal static class Later
        {
            public static async Task Wait(nint address) { await Task.Yield(); Handler.Use(address); }

            public static async Task Quick(nint address) { Handler.Use(address); await Task.Yield(); }
        }

        public unsafe struct Pair
        {
            public byte* Start;
            public int Length;

            public Pair(byte* start) => Start = start;

            public void Set(byte* start) => Start = start;
        }

        public sealed unsafe class Holder
        {
            private readonly byte* _start;

            public Holder(byte* start) => _start = start;
        }

        public interface IKeeper { void Keep(nint address); }

        public sealed class Keeper : IKeeper
        {
            private nint _kept;

            public void Keep(nint address) => _kept = address;
        }

        internal static unsafe class Native
        {
            [DllImport("libc")] public static extern nint read(int descriptor, byte* buffer, nint count);
            [DllImport("libc")] public static extern nint writev(int descriptor, Pair* vectors, int count);
        }

        internal static unsafe class Parts
        {
            private static byte* s_kept;

            public static void Store(byte* start) => s_kept = start;

            public static void Begin(ReadOnlySpan<byte> data) { fixed (byte* p = data) { Store(p); } }

            public static void Place(ref byte first) => s_kept = (byte*)Unsafe.AsPointer(ref first);

            public static nint Address(ReadOnlySpan<byte> data)
            {
                fixed (byte* p = data) { return (nint)p; }
            }

            public static void Into(ReadOnlySpan<byte> data, out nint address) => address = Address(data);

            public static int Sum(byte* p, int count) => count == 0 ? 0 : *p + Sum(p + 1, count - 1);
        }
        """);
}
