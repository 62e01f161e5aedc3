#!/usr/bin/env node
import { runHost } from '../dist/host.mjs'

runHost()
