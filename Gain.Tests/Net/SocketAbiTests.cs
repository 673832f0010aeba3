using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Gain.Kernel;
using Gain.Tests.Kernel;

namespace Gain.Tests.Net;

public sealed class SocketAbiTests
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <stddef.h>
        #include <stdio.h>
        #include <sys/socket.h>
        #include <netinet/in.h>
        #include <netinet/tcp.h>
        #include <netinet/udp.h>
        #include <sys/stat.h>
        #include <sys/un.h>
        #include <linux/filter.h>

        """;

    [Test]
    public void Constants_are_those_of_the_C_headers()
    {
        FieldInfo[] constants = [.. typeof(SocketAbi)
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(f => f.IsLiteral)];
        Assert.That(constants, Has.Length.GreaterThan(40));

        var source = new StringBuilder(Headers + "int main(void) {\n");
        foreach (FieldInfo constant in constants)
        {
            string name = constant.Name;
            source.AppendLine("#ifdef " + name);
            source.AppendLine(CultureInfo.InvariantCulture, $"printf(\"{name} %ld\\n\", (long){name});");
            source.AppendLine("#endif");
        }
        Dictionary<string, long> native = Parse(CProgram.Run(source + "}\n"));

        Assert.Multiple(() =>
        {
            foreach (FieldInfo constant in constants)
            {
                if (native.TryGetValue(constant.Name, out long value))
                {
                    Assert.That(constant.GetRawConstantValue(), Is.EqualTo(value), constant.Name);
                }
                else
                {
                    Assert.Warn($"The headers of this machine are too old to define {constant.Name}.");
                }
            }
        });
    }

    [Test]
    public void Structs_have_the_layout_of_the_C_headers()
    {
        var managed = new Dictionary<string, long>
        {
            ["sockaddr_in"] = Unsafe.SizeOf<sockaddr_in>(),
            ["sockaddr_in6"] = Unsafe.SizeOf<sockaddr_in6>(),
            ["sockaddr_storage"] = Unsafe.SizeOf<sockaddr_storage>(),
            ["sockaddr_un"] = Unsafe.SizeOf<sockaddr_un>(),
            ["ucred"] = Unsafe.SizeOf<ucred>(),
            ["statx"] = Unsafe.SizeOf<statx>(),
            ["sock_filter"] = Unsafe.SizeOf<sock_filter>(),
            ["sock_fprog"] = Unsafe.SizeOf<sock_fprog>(),
            ["sockaddr_storage.align"] = AlignmentOf<sockaddr_storage>(),
        };
        AddOffsets<sockaddr_in>(managed);
        AddOffsets<sockaddr_in6>(managed);
        AddOffsets<sockaddr_un>(managed);
        AddOffsets<ucred>(managed);
        AddOffsets<statx>(managed);
        AddOffsets<sock_filter>(managed);
        AddOffsets<sock_fprog>(managed);
        managed["sockaddr_storage.ss_family"] =
            Marshal.OffsetOf<sockaddr_storage>(nameof(sockaddr_storage.ss_family)).ToInt64();

        var source = new StringBuilder(Headers + "int main(void) {\n");
        foreach (string name in managed.Keys)
        {
            source.AppendLine(
                CultureInfo.InvariantCulture, $"printf(\"{name} %ld\\n\", (long){InC(name)});");
        }
        Dictionary<string, long> native = Parse(CProgram.Run(source + "}\n"));

        Assert.That(managed, Is.EquivalentTo(native));
    }

    private static void AddOffsets<T>(Dictionary<string, long> offsets)
    {
        foreach (FieldInfo field in typeof(T).GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            offsets[$"{typeof(T).Name}.{field.Name}"] = Marshal.OffsetOf<T>(field.Name).ToInt64();
        }
    }

    private static string InC(string name) => name.Split('.') switch
    {
        [var type, "align"] => $"_Alignof(struct {type})",
        [var type, var member] => $"offsetof(struct {type}, {member})",
        _ => $"sizeof(struct {name})",
    };

    private static long AlignmentOf<T>() where T : unmanaged =>
        Marshal.OffsetOf<AfterByte<T>>(nameof(AfterByte<T>.Value)).ToInt64();

    private static Dictionary<string, long> Parse(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));

    [StructLayout(LayoutKind.Sequential)]
    private struct AfterByte<T>
    {
        public byte First;
        public T Value;
    }
}
