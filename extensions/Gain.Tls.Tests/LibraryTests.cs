using System.Diagnostics;
using System.Runtime.InteropServices;
using Gain.Tls.OpenSsl;

namespace Gain.Tls.Tests;

/// <summary>Finding OpenSSL.</summary>
public class LibraryTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("gain-tls").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_version_in_use_is_3() =>
        Assert.That(OpenSslLibrary.Version, Does.StartWith("OpenSSL 3."));

    [Test]
    public void A_missing_library_is_named_with_the_way_out()
    {
        TlsException fault = Assert.Throws<TlsException>(() => OpenSslLibrary.Open(_folder))!;
        Assert.That(fault.ErrorCode, Is.EqualTo(TlsError.OpenSslMissing));
        Assert.That(
            fault.Message,
                Does.Contain(Path.Combine(_folder, LibCrypto.Name)).And.Contain(OpenSslLibrary.VariableName));
    }

    [Test]
    public void A_file_that_is_no_library_is_named_with_the_way_out()
    {
        File.WriteAllText(Path.Combine(_folder, LibCrypto.Name), "text");
        Assert.That(
            () => OpenSslLibrary.Open(_folder),
            Throws.TypeOf<TlsException>().With.Property(nameof(TlsException.ErrorCode)).EqualTo(
                TlsError.OpenSslMissing));
    }

    [TestCase("unsigned long OpenSSL_version_num(void) { return 0x1010117fUL; }", "0x1010117f")]
    [TestCase("int nothing(void) { return 0; }", "does not say")]
    public void A_library_that_is_too_old_is_named_with_its_version(string source, string named)
    {
        Compile(source);
        TlsException fault = Assert.Throws<TlsException>(() => OpenSslLibrary.Open(_folder))!;
        Assert.That(fault.ErrorCode, Is.EqualTo(TlsError.OpenSslTooOld));
        Assert.That(fault.Message, Does.Contain(named).And.Contain(_folder));
    }

    [Test]
    public void A_folder_with_OpenSSL_3_is_used()
    {
        string real = Path.GetDirectoryName(Loaded(LibCrypto.Name))!;
        (nint ssl, nint crypto) = OpenSslLibrary.Open(real);
        Assert.That((ssl, crypto), Is.Not.EqualTo(((nint)0, (nint)0)));
        NativeLibrary.Free(ssl);
        NativeLibrary.Free(crypto);
    }

    [Test]
    public void The_constants_are_those_of_the_headers()
    {
        if (!File.Exists("/usr/include/openssl/ssl.h"))
        {
            Assert.Ignore("OpenSSL's headers are not installed: libssl-dev.");
        }

        string[] names =
        [
            .. typeof(Ssl).GetFields(
                System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
                .Select(field => field.Name),
        ];
        string program = "#include <stdio.h>\n#include <openssl/ssl.h>\n#include <openssl/bio.h>\n"
            + "#include <openssl/x509v3.h>\n"
            + "#define BIO_FLAGS_RWS_SHOULD_RETRY (BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY)\n"
            + "#define BIO_FLAGS_READ_SHOULD_RETRY (BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)\n"
            + "int main(void) {\n"
            + string.Concat(names.Select(name => $"printf(\"%s %lld\\n\", \"{name}\", (long long){name});\n"))
            + "return 0; }\n";
        string binary = Path.Combine(_folder, "constants");
        File.WriteAllText(binary + ".c", program);
        Run("gcc", binary + ".c", "-o", binary);
        Dictionary<string, long> real = Run(binary).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).ToDictionary(part => part[0], part => long.Parse(part[1]));
        Assert.That(real, Has.Count.EqualTo(names.Length).And.Count.GreaterThan(50));
        Assert.Multiple(() =>
        {
            foreach (string name in names)
            {
                object ours = typeof(Ssl).GetField(
                    name, System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
                    .GetRawConstantValue()!;
                Assert.That(Convert.ToInt64(ours), Is.EqualTo(real[name]), name);
            }
        });
    }

    private static string Loaded(string name) => File.ReadLines("/proc/self/maps")
        .Select(line => line[(line.LastIndexOf(' ') + 1)..])
        .First(path => Path.GetFileName(path) == name);

    private void Compile(string source)
    {
        string path = Path.Combine(_folder, "old.c");
        File.WriteAllText(path, source);
        Run("gcc", "-shared", "-fPIC", "-o", Path.Combine(_folder, LibCrypto.Name), path);
    }

    private static string Run(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                RedirectStandardOutput = true,
            })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, command);
            return output;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            Assert.Ignore($"{command} cannot be run: {fault.Message}");
            return "";
        }
    }
}
