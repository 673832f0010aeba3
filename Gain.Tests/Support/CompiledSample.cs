using System.Reflection;
using Gain.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace Gain.Tests;

/// <summary>Samples as assemblies, to run and to read.</summary>
internal static class CompiledSample
{
    /// <summary>The bytes of the assembly.</summary>
    public static byte[] Emit(Compilation compilation)
    {
        using var stream = new MemoryStream();
        EmitResult result = compilation.Emit(stream);
        Assert.That(result.Success, Is.True, string.Join("\n", result.Diagnostics));
        return stream.ToArray();
    }

    public static Assembly Load(Compilation compilation) => Assembly.Load(Emit(compilation));

    /// <summary>What a protocol in the assembly declares.</summary>
    public static Callbacks DeclaredBy(Assembly assembly, string type)
    {
        MethodInfo getter = assembly.GetType(type, throwOnError: true)!
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Single(method => method.Name.EndsWith(".get_Declared", StringComparison.Ordinal));
        return (Callbacks)getter.Invoke(null, null)!;
    }
}
