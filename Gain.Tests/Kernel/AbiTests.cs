using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Kernel;

/// <summary>
/// Compares the ABI as written in Gain.Kernel with what the C compiler makes of the machine's headers: every
/// constant, and of every struct the size and each field's offset and size. What the headers are too old for
/// is left out, and named by a skipped test; the count of what was compared has a floor. The variable
/// GAIN_IO_URING_HEADERS names newer headers than the machine's, separated by colons.
/// </summary>
[TestFixture]
internal sealed partial class AbiTests
{
    private static readonly string[] s_headers =
        (Environment.GetEnvironmentVariable("GAIN_IO_URING_HEADERS") ?? "/usr/include/linux/io_uring.h")
        .Split(':');

    private static readonly string[] s_includes =
    [
        "fcntl.h", "linux/filter.h", "linux/futex.h", "linux/openat2.h", "linux/stat.h", "poll.h",
        "stddef.h", "stdio.h", "sys/epoll.h", "sys/eventfd.h", "sys/file.h", "sys/mman.h", "sys/resource.h",
        "sys/socket.h", "sys/stat.h", "sys/syscall.h", "sys/uio.h", "time.h",
    ];

    // One in each assembly that has words of the kernel.
    private static readonly Type[] s_calls = [typeof(Libc), typeof(RingLibc)];

    private static readonly Type[] s_libcStructs =
        [typeof(iovec), typeof(msghdr), typeof(pollfd), typeof(rlimit)];

    [Test]
    public void Constants_of_io_uring_are_those_of_the_header()
    {
        string header = ReadHeader();
        List<(string Name, long Value)> constants =
        [
            .. from field in ConstantsOfKernel()
               where UringConstant().IsMatch(field.Name) && IsIn(header, field.Name)
               select (field.Name, ValueOf(field)),
        ];

        Assert.That(constants, Has.Count.GreaterThanOrEqualTo(150), "Too few names were found.");
        Compare([.. constants.Select(constant => ($"(long long)({constant.Name})", constant.Value))]);
    }

    [Test]
    public void Constants_of_libc_are_those_of_its_headers()
    {
        List<(string Expression, long Value)> constants =
        [
            .. from type in s_calls
               from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic)
               where field.IsLiteral && LibcConstant().IsMatch(field.Name)
               select ($"(long long)({field.Name})", ValueOf(field)),
            ("(long long)__NR_io_uring_setup", PrivateConstant("IoUringSetupNumber")),
            ("(long long)__NR_io_uring_enter", PrivateConstant("IoUringEnterNumber")),
            ("(long long)__NR_io_uring_register", PrivateConstant("IoUringRegisterNumber")),
            ("(long long)__NR_statx", Libc.StatXNumber),
            ("(long long)O_NOFOLLOW", Libc.O_NOFOLLOW),
        ];

        Assert.That(constants, Has.Count.GreaterThanOrEqualTo(20));
        Compare(constants);
    }

    [Test]
    public void Structs_of_io_uring_have_the_layout_of_the_header()
    {
        string header = ReadHeader();
        List<(string Expression, long Value)> layout = [];
        foreach (Type type in TypesOfKernel())
        {
            if (type.IsValueType && UringStruct().IsMatch(type.Name))
            {
                layout.AddRange(LayoutOf(type, BodyOf(header, type.Name)));
            }
        }

        Assert.That(layout, Has.Count.GreaterThanOrEqualTo(200), "Too few fields of the header were found.");
        Compare(layout);
    }

    [Test]
    public void What_is_newer_than_the_header_is_named()
    {
        string header = ReadHeader();
        string[] newer =
        [
            .. from field in ConstantsOfKernel()
               where UringConstant().IsMatch(field.Name) && !IsIn(header, field.Name)
               select field.Name,
            .. from type in TypesOfKernel()
               where type.IsValueType
                   && UringStruct().IsMatch(type.Name) && BodyOf(header, type.Name) is null
               select type.Name,
        ];

        if (newer.Length > 0)
        {
            Assert.Ignore($"newer than {s_headers[0]}, and not compared: {string.Join(", ", newer)}");
        }
    }

    [Test]
    public void Structs_of_libc_have_the_layout_of_its_headers() =>
        Compare([.. s_libcStructs.SelectMany(type => LayoutOf(type, body: null))]);

    [Test]
    public void Public_structs_have_the_layout_of_the_kernels() => Assert.Multiple(() =>
    {
        Assert.That(Marshal.SizeOf<CompletionEntry>(), Is.EqualTo(Marshal.SizeOf<io_uring_cqe>()));
        Assert.That(OffsetOf<CompletionEntry>("_userData"), Is.EqualTo(OffsetOf<io_uring_cqe>("user_data")));
        Assert.That(OffsetOf<CompletionEntry>("_result"), Is.EqualTo(OffsetOf<io_uring_cqe>("res")));
        Assert.That(OffsetOf<CompletionEntry>("_flags"), Is.EqualTo(OffsetOf<io_uring_cqe>("flags")));
        Assert.That(Marshal.SizeOf<Timespec>(), Is.EqualTo(Marshal.SizeOf<__kernel_timespec>()));
        Assert.That(Marshal.SizeOf<Restriction>(), Is.EqualTo(Marshal.SizeOf<io_uring_restriction>()));
        Assert.That(Marshal.SizeOf<IoVector>(), Is.EqualTo(Marshal.SizeOf<iovec>()));
        Assert.That(OffsetOf<IoVector>("Length"), Is.EqualTo(OffsetOf<iovec>("iov_len")));
        Assert.That(Marshal.SizeOf<MessageHeader>(), Is.EqualTo(Marshal.SizeOf<msghdr>()));
        (string Ours, string Theirs)[] message =
        [
            ("Name", "msg_name"), ("NameLength", "msg_namelen"), ("Vectors", "msg_iov"),
            ("VectorCount", "msg_iovlen"), ("Control", "msg_control"), ("ControlLength", "msg_controllen"),
            ("Flags", "msg_flags"),
        ];
        foreach ((string ours, string theirs) in message)
        {
            Assert.That(OffsetOf<MessageHeader>(ours), Is.EqualTo(OffsetOf<msghdr>(theirs)), ours);
        }
    });

    [Test]
    public void Public_structs_of_files_and_futexes_have_the_layout_of_the_headers()
    {
        const string status = "struct statx";
        const string how = "struct open_how";
        const string waiter = "struct futex_waitv";
        (string Expression, long Value)[] layout =
        [
            ($"(long long)sizeof({status})", Marshal.SizeOf<FileStatus>()),
            Field<FileStatus>(status, "stx_mask", "Mask"), Field<FileStatus>(status, "stx_mode", "Mode"),
            Field<FileStatus>(status, "stx_blksize", "BlockSize"),
            Field<FileStatus>(status, "stx_attributes", "Attributes"),
            Field<FileStatus>(status, "stx_nlink", "LinkCount"),
            Field<FileStatus>(status, "stx_uid", "UserId"), Field<FileStatus>(status, "stx_gid", "GroupId"),
            Field<FileStatus>(status, "stx_ino", "Inode"), Field<FileStatus>(status, "stx_size", "SizeBytes"),
            Field<FileStatus>(status, "stx_blocks", "Blocks"),
            Field<FileStatus>(status, "stx_atime", "AccessSeconds"),
            Field<FileStatus>(status, "stx_btime", "BirthSeconds"),
            Field<FileStatus>(status, "stx_ctime", "ChangeSeconds"),
            Field<FileStatus>(status, "stx_mtime", "ModificationSeconds"),
            ($"(long long)sizeof({how})", Marshal.SizeOf<OpenHow>()),
            Field<OpenHow>(how, "mode", "Mode"), Field<OpenHow>(how, "resolve", "Resolve"),
            ($"(long long)sizeof({waiter})", Marshal.SizeOf<FutexWaiter>()),
            Field<FutexWaiter>(waiter, "uaddr", "Futex"), Field<FutexWaiter>(waiter, "flags", "Kind"),
            ("(long long)sizeof(struct sock_filter)", Marshal.SizeOf<BpfInstruction>()),
            ("(long long)offsetof(struct sock_filter, k)",
                OffsetOf<BpfInstruction>($"<{nameof(BpfInstruction.Operand)}>k__BackingField")),
        ];
        Compare(layout);
    }

    private static (string Expression, long Value) Field<T>(string type, string theirs, string ours) =>
        ($"(long long)offsetof({type}, {theirs})", OffsetOf<T>(ours));

    [Test]
    public void Sizes_are_those_of_the_documented_abi() => Assert.Multiple(() =>
    {
        Assert.That(Marshal.SizeOf<io_uring_sqe>(), Is.EqualTo(64));
        Assert.That(Marshal.SizeOf<io_uring_params>(), Is.EqualTo(120));
        Assert.That(Marshal.SizeOf<io_uring_buf>(), Is.EqualTo(16));
        Assert.That(Marshal.SizeOf<io_uring_buf_reg>(), Is.EqualTo(40));
        Assert.That(Marshal.SizeOf<io_uring_getevents_arg>(), Is.EqualTo(24));
        Assert.That(Marshal.SizeOf<io_uring_reg_wait>(), Is.EqualTo(64));
        Assert.That(Marshal.SizeOf<io_uring_recvmsg_out>(), Is.EqualTo(16));
        Assert.That(Marshal.SizeOf<io_uring_sync_cancel_reg>(), Is.EqualTo(64));
        Assert.That(Marshal.SizeOf<msghdr>(), Is.EqualTo(56));
    });

    private static int OffsetOf<T>(string field) => (int)Marshal.OffsetOf<T>(field);

    private static string ReadHeader()
    {
        if (s_headers.FirstOrDefault(header => !File.Exists(header)) is { } missing)
        {
            Assert.Ignore($"no {missing}");
        }

        return Comment().Replace(string.Join('\n', s_headers.Select(File.ReadAllText)), " ");
    }

    private static IEnumerable<Type> TypesOfKernel() =>
        from calls in s_calls
        from type in calls.Assembly.GetTypes()
        where type.Namespace == "Gain.Kernel"
        select type;

    private static IEnumerable<FieldInfo> ConstantsOfKernel() =>
        from type in TypesOfKernel()
        where !s_calls.Contains(type) && type != typeof(Errno)
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public)
        where field.IsLiteral
        select field;

    private static long PrivateConstant(string name) =>
        ValueOf(typeof(RingLibc).GetField(name, BindingFlags.Static | BindingFlags.NonPublic)!);

    private static long ValueOf(FieldInfo field) => field.GetRawConstantValue() switch
    {
        ulong large => (long)large,
        object number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        null => throw new InvalidOperationException($"{field.Name} is null."),
    };

    private static bool IsIn(string text, string name) => Regex.IsMatch(text, $@"\b{name}\b");

    // The text between the braces of a struct; null when the header does not have it.
    private static string? BodyOf(string header, string name)
    {
        Match start = Regex.Match(header, $@"struct\s+{name}\s*\{{");
        if (!start.Success)
        {
            return name == "__kernel_timespec" ? "tv_sec tv_nsec" : null;
        }

        int end = start.Index + start.Length;
        for (int depth = 1; depth > 0; end++)
        {
            depth += header[end] == '{' ? 1 : header[end] == '}' ? -1 : 0;
        }

        return header[(start.Index + start.Length)..end];
    }

    // The size of a struct, and the offset and size of each field that the body has, as C has to see them.
    private static IEnumerable<(string Expression, long Value)> LayoutOf(Type type, string? body)
    {
        bool isUring = UringStruct().IsMatch(type.Name);
        if (isUring && body is null)
        {
            yield break;
        }

        string name = $"struct {type.Name}";
        yield return ($"(long long)sizeof({name})", Marshal.SizeOf(type));
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            if (body is not null && !IsIn(body, field.Name))
            {
                continue;
            }

            yield return (
                $"(long long)offsetof({name}, {field.Name})", (long)Marshal.OffsetOf(type, field.Name));
            if (!IsFlexibleArray(type, field))
            {
                yield return ($"(long long)sizeof((({name} *)0)->{field.Name})", SizeOf(field.FieldType));
            }
        }
    }

    // These stand for an array without a length, whose first element they are.
    private static bool IsFlexibleArray(Type type, FieldInfo field) =>
        (type == typeof(io_uring_sqe) && field.Name == "cmd")
        || (type == typeof(io_uring_buf_ring) && field.Name == "bufs");

    private static long SizeOf(Type type) => type.IsPointer ? IntPtr.Size : Marshal.SizeOf(type);

    private static void Compare(IReadOnlyList<(string Expression, long Value)> expected)
    {
        StringBuilder source = new("#define _GNU_SOURCE\n");
        foreach (string include in s_includes)
        {
            source.Append(CultureInfo.InvariantCulture, $"#include <{include}>\n");
        }

        foreach (string header in s_headers)
        {
            source.Append(CultureInfo.InvariantCulture, $"#include \"{header}\"\n");
        }

        source.Append("int main(void) {\n");
        foreach ((string expression, long _) in expected)
        {
            source.Append(CultureInfo.InvariantCulture, $"printf(\"%lld\\n\", {expression});\n");
        }

        source.Append("return 0; }\n");
        string[] lines = CProgram.Run(source.ToString()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(expected.Count));
        Assert.Multiple(() =>
        {
            for (int i = 0; i < lines.Length; i++)
            {
                long actual = long.Parse(lines[i], CultureInfo.InvariantCulture);
                Assert.That(expected[i].Value, Is.EqualTo(actual), expected[i].Expression);
            }
        });
        TestContext.Out.WriteLine($"{lines.Length} compared");
    }

    [GeneratedRegex(@"^(IORING|IOSQE|BLOCK_URING|IOU|IO_URING|IO_WQ|SOCKET_URING|ZCRX|SPLICE_F)_")]
    private static partial Regex UringConstant();

    [GeneratedRegex("^(PROT|MAP|MADV|RLIM|RLIMIT|EFD|O|CLOCK|AT|STATX|S|LOCK|F|FD)_|^E?POLL[A-Z_]*$")]
    private static partial Regex LibcConstant();

    [GeneratedRegex("^(io_|zcrx_|__kernel_)")]
    private static partial Regex UringStruct();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
