export declare function compilePolicy(own: string): Promise<Uint8Array>
export declare function compileFile(name: string): Promise<Uint8Array>
