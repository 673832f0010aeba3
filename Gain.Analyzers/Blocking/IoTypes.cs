using System;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Blocking;

/// <summary>The types behind whose members are a disk, a network or a database.</summary>
internal static class IoTypes
{
    /// <summary>Whether a type, what it derives from or what it implements is one of them.</summary>
    public static bool IsOne(ITypeSymbol? type)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at is INamedTypeSymbol named && IsInMemory(named))
            {
                return false;
            }

            if (at is INamedTypeSymbol own && IsNamedAsOne(own))
            {
                return true;
            }
        }

        if (type is not null)
        {
            foreach (INamedTypeSymbol contract in type.AllInterfaces)
            {
                if (IsNamedAsOne(contract))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a type only looks like one of them, and has all in memory.</summary>
    public static bool IsInMemory(ITypeSymbol? type) =>
        type is { Name: "MemoryStream" or "UnmanagedMemoryStream" or "StringReader" or "StringWriter" }
        && type is INamedTypeSymbol named
        && Namespaces.Of(named) == "System.IO";

    // A database's context of one's own is named as its base class mostly, which is found besides.
    private static bool IsNamedAsOne(INamedTypeSymbol type)
    {
        string name = type.Name;
        if (IsAfter(name, "Db") || IsAfter(name, "IDb"))
        {
            return true;
        }

        if (type.SpecialType != SpecialType.None)
        {
            return false;
        }

        string space = Namespaces.Of(type);
        return space switch
        {
            "System.IO" => name is "Stream" or "TextReader" or "TextWriter" or "BinaryReader"
                or "BinaryWriter",
            "System.Net" => name is "HttpListener" or "WebClient" or "WebRequest" or "WebResponse",
            "System.IO.Compression" => name is "ZipArchive" or "ZipArchiveEntry",
            "System.Formats.Tar" => true,
            "System.IO.Pipes" or "System.IO.Pipelines" or "System.IO.Ports" => true,
            "System.Xml" => name is "XmlReader" or "XmlWriter",
            "StackExchange.Redis" or "MongoDB.Driver" or "System.Data" or "Npgsql" => true,
            _ => space.StartsWith("System.Net.", StringComparison.Ordinal)
                || space.StartsWith("System.Data.", StringComparison.Ordinal)
                || space.StartsWith("Microsoft.Data.", StringComparison.Ordinal)
                || space.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal),
        };
    }

    private static bool IsAfter(string name, string prefix) =>
        name.Length > prefix.Length
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && char.IsUpper(name[prefix.Length]);
}
